// Prints each benchmark as Benchmark.js does.
"use strict";

const Benchmark = require("benchmark");
const { sumOf, lastOf, isUsable } = require("./table.js");

const numbers = Array.from({ length: 5000 }, (_, i) => i);
// Compiled by the engine before anything is measured, or some runs would measure the interpreter.
for (let i = 0; i < 500; i++) {
  sumOf(numbers);
  lastOf(numbers);
}

const options = { maxTime: 0.2, minTime: 0.02, minSamples: 10 };

new Benchmark.Suite()
  .add("sum of a table", () => sumOf(numbers), options)
  .add("last", () => lastOf(numbers), options)
  .add("checked", () => {
    if (!isUsable(numbers)) {
      throw new Error("the table is not usable");
    }
    return lastOf(numbers);
  }, options)
  .on("cycle", (event) => console.log(String(event.target)))
  .run();
