"""What a run is made from: a scenario under a plan as flat arrays over time. Knows no people and no clock."""
