"""Discrete delta hedge vectorised over paths with numpy, as one would write it: bench/sim.ts runs it.

Usage: hedgingNumpy.py PATHS STEPS BANDS SAMPLES; prints the seconds of the fastest sample and a mean and deviation.
"""
import sys
import time

import numpy as np

paths, steps, bands, samples = (int(word) for word in sys.argv[1:5])
spot, strike, years, rate, volatility, fee_rate = 100.0, 100.0, 1 / 12, 0.05, 0.2, 0.0005

# numpy has no error function of its own: the normal distribution is the rational approximation of
# M. Abramowitz and I. Stegun (1964), 26.2.17, in whole arrays.
COEFFICIENTS = (0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429)


def normal_cdf(x):
    t = 1 / (1 + 0.2316419 * np.abs(x))
    series = t * (COEFFICIENTS[0] + t * (COEFFICIENTS[1] + t * (COEFFICIENTS[2] + t * (COEFFICIENTS[3] + t * COEFFICIENTS[4]))))
    tail = np.exp(-0.5 * x * x) * (series * 0.3989422804014327)
    return np.where(x > 0, 1 - tail, tail)


def run(act, target, generator):
    step = years / steps
    log_price = np.full(paths, np.log(spot))
    d1 = (np.log(spot / strike) + (rate + 0.5 * volatility**2) * years) / (volatility * np.sqrt(years))
    held = np.full(paths, normal_cdf(np.array([d1]))[0])
    cash = -held * spot
    paid = np.zeros(paths)
    for k in range(1, steps + 1):
        log_price += -0.5 * volatility**2 * step + volatility * np.sqrt(step) * generator.standard_normal(paths)
        price = np.exp(log_price)
        if k == steps:
            break
        left = years - k * step
        distance = log_price + rate * k * step - np.log(strike) + (rate + 0.5 * volatility**2) * left
        x = held - normal_cdf(distance / (volatility * np.sqrt(left)))
        size = np.where(np.abs(x) > act, np.abs(x) - target, 0)
        sold = np.copysign(size, x)
        held -= sold
        cash += sold * price
        paid += fee_rate * size * price
    payoff = np.maximum(price - strike * np.exp(-rate * years), 0)
    return cash + held * price - payoff, paid


fastest = float("inf")
for _ in range(samples):
    started = time.perf_counter()
    for band in range(bands):
        outcome, paid = run(0.01 * band, 0.005 * band, np.random.default_rng(1))
    fastest = min(fastest, time.perf_counter() - started)
print(fastest, outcome.std(), np.__version__)
