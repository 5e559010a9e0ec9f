// What the benchmarks measure.
"use strict";

const ROUNDS = 4;

function sumOf(numbers) {
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (let i = 0; i < numbers.length; i++) {
      sum = Math.imul(sum ^ numbers[i], 16777619);
    }
  }
  return sum;
}

function lastOf(numbers) {
  let last = 0;
  for (let i = 0; i < numbers.length; i++) {
    last = Math.imul(last + numbers[i], 31);
  }
  return last;
}

function isUsable(numbers) {
  return numbers.length > 0;
}

module.exports = { sumOf, lastOf, isUsable };
