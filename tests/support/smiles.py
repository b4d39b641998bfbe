"""A corner shop with something to find out: two ranges, three initiatives, and a run that takes a moment."""

SMILES = """schema: 1
name: Corner shop
question: Which smile is worth its money?
horizon: 3 months
currency: GBP
attributes: {kindness: {kind: performance}}
segments: {neighbours: {customers: 40, needs: {kindness: {level: 80}}}}
journey:
  bread: {stage: use, every: 7 days, delivers: {kindness: {value: 45, low: 35, high: 60}}, spend: 1 per month}
levers: {people: {level: 0.5, cost: 30 per month}}
economics: {margin: {value: 9 per month, low: 5 per month, high: 12 per month}}
initiatives:
  smile: {changes: {journey.bread.delivers.kindness: 75}, cost: {once: 100}, half_life: 1 day}
  beam:  {changes: {journey.bread.delivers.kindness: 60}, cost: {once: 40}, half_life: 1 day}
  frown: {changes: {journey.bread.delivers.kindness: 20}, cost: {once: 5}, half_life: 1 day}
plans: {kinder: [smile]}
"""
