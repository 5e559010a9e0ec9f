// What the benchmarks measure.
"use strict";

const ROUNDS = 4;

function sumOf(numbers) {
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const number of numbers) {
      sum = Math.imul(sum ^ number, 16777619);
    }
  }
  return sum;
}

function lastOf(numbers) {
  let last = 0;
  for (const number of numbers) {
    last = Math.imul(last + number, 31);
  }
  return last;
}

function isUsable(numbers) {
  return numbers.length > 0;
}

module.exports = { sumOf, lastOf, isUsable };
