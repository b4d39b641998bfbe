"""Yardstick: the plain way to simulate customers, one SimPy process each, in ordinary Python floats.

A small fixed journey (five steps of onboarding, then use about every 14 days, failures that call a staffed desk,
a renewal every 90 days, 730 days), one attribute, ten lines of arithmetic a visit. It is not the project's model;
it is a ruler. Time it beside the engine in the same run and compare the cost of one visit.

    python yardstick.py 5000        prints visits, seconds and microseconds per visit
"""

import math
import random
import sys
import time

import simpy


def run(customers, seed=1, horizon=730.0):
    rng = random.Random(seed)
    env = simpy.Environment()
    desk = simpy.Resource(env, max(1, round(customers / 2500)))
    quality = [0.9, 0.85, 0.6, 0.5, 0.7, 0.75, 0.65, 0.7]
    visits = waits = contacts = left = 0
    mu = math.log(2) - 0.1

    def visit(state, touchpoint, penalty=0.0):
        nonlocal visits
        p = min(1.0, max(0.0, quality[touchpoint] - penalty + 0.1 * rng.gauss(0, 1)))
        gap = p - state[0]
        value = gap if gap >= 0 else 2.25 * gap
        state[1] += 0.2 * (math.tanh(3 * value) - state[1])
        state[0] += 0.15 * gap
        state[2] = min(state[2], gap)
        visits += 1

    def customer(arrival):
        nonlocal waits, contacts, left
        state = [0.75, 0.0, 0.0]  # expectation, satisfaction, worst gap
        yield env.timeout(arrival)
        for touchpoint in range(5):
            visit(state, touchpoint)
            yield env.timeout(rng.lognormvariate(mu, 0.45))
        renewal = env.now + 90
        while True:
            pause = rng.expovariate(1 / 14)
            if env.now + pause >= renewal:
                yield env.timeout(max(0.0, renewal - env.now))
                visit(state, 7)
                if rng.random() < 1 / (1 + math.exp(2.2 + 4 * state[1])):
                    left += 1
                    return
                renewal += 90
                continue
            yield env.timeout(pause)
            visit(state, 5)
            if rng.random() < 0.08:
                yield env.timeout(rng.expovariate(1.0))
                asked = env.now
                with desk.request() as turn:
                    yield turn
                    wait = env.now - asked
                    yield env.timeout(rng.expovariate(1 / 0.00833))
                waits += wait
                contacts += 1
                visit(state, 6, 0.5 * (1 - math.exp(-wait / 0.02)))

    for _ in range(customers):
        env.process(customer(rng.random() * 90))
    env.run(horizon)
    return visits


if __name__ == "__main__":
    start = time.perf_counter()
    n = run(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    took = time.perf_counter() - start
    print(f"{n} visits, {took:.3f} s, {took / n * 1e6:.2f} us per visit")
