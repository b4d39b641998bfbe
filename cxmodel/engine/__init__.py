"""The engine: a run's people moved by compiled code, on a company's clock kept by SimPy.

`inputs/` turns a scenario into tables over time. `initial_state` plays the past, `replication` one company, `run`
many of them side by side; `journeys` is the event loop. `docs/mechanics.md` says what happens when, and the room
`reference` the same in slow code.
"""
