"""Journeys in the shapes in which people draw them, written anew."""

from __future__ import annotations

from typing import Final

SHOP: Final = """\
journey
    title Buying a bicycle online
    %% drawn in a workshop
    section Discovery
      See an advert: 4: Rider
      Open the shop: 5: Rider
      Search by size: 3: Rider
    section Deciding
      Read reviews: 4: Rider
      Compare two models: 3: Rider
    section Checkout
      Put it in the cart: 5: Rider
      Pay: 2: Rider, Payments
    section Delivery
      Track the parcel: 4: Rider, Courier
      Unpack it: 5: Rider
"""
TOOL: Final = """\
# Our journeys

```mermaid
---
title: An invoicing tool
---
%%{init: {"theme": "forest"}}%%
journey
    section Find
      Hear of it: 4: User
    section Sign up
      Fill the form: 3: User
      Confirm the address: 2: User
    section First week
      Empty screen: 2: User
      Send an invoice: 5: User
    section Everyday use
      Send reminders: 4: User
```

```mermaid
flowchart LR
  A --> B
```

```mermaid
journey
    section Ask for help
      Look for the contact page: 3: User
      Write a ticket: 4: User
      Wait for an answer: 2: User, Support desk
      Solved: 5: User, Support desk
```
"""
PATIENT: Final = """\
journey
    accTitle: A day at the clinic
    accDescr {
      From the appointment
      to the bill: all of it
    }
    title A day at the clinic
    section Before
      Book an appointment: 3: Patient
      Receive a reminder: 5: Front desk
    section At the clinic
      Register: 2: Patient, Front desk
      Wait: 1: Patient
      See the doctor: 5: Patient, Doctor
    section Afterwards
      Understand the bill: 2: Patient
      Wait: 2: Patient
"""
GERMAN_MAP: Final = """\
Unsere Kundenreise;;;;;;;
Phase;Kontaktpunkt;Kanal;Was Kunden tun;Gefühle;Zufriedenheit (1-10);Abteilung;Backstage
Bewusstsein;Anzeige;Web;sieht eine Anzeige;neugierig;7,5;Marketing;CMS
Kauf;Antrag;Filiale;füllt aus;genervt;4,0;Vertrieb;
;Unterschrift;Filiale;;;6,5;;
Nutzung;Müller Café;App;;froh;8;;
Hilfe;Hotline;Telefon;wartet;sauer;2,5;Service;ACD
"""
TURNED_MAP: Final = """\
,Awareness,Purchase,Onboarding,Use,Support
Touchpoint,Ad,Checkout,Welcome mail,Ürün sayfası,打电话
Doing,looks,pays,reads,works,"calls, and waits"
Thinking,Is it for me?,Is it safe?,What now?,,Why me?
Emotion score,3,4/5,80 %,★★★★☆,1
Pain points,,hidden fees,,,long queue
"""
