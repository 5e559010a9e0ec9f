// Package sum is what the benchmarks measure.
package sum

const rounds = 4

// Of sums a table so often.
func Of(numbers []uint32) uint32 {
	sum := uint32(0)
	for round := 0; round < rounds; round++ {
		for _, number := range numbers {
			sum = (sum ^ number) * 16777619
		}
	}
	return sum
}

// Last mixes a table once.
func Last(numbers []uint32) uint32 {
	last := uint32(0)
	for _, number := range numbers {
		last = (last + number) * 2654435761
	}
	return last
}

// IsUsable tells whether a table can be summed.
func IsUsable(numbers []uint32) bool {
	return numbers != nil
}
