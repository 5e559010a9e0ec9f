package sum

import "testing"

var sink uint32

func BenchmarkSum(b *testing.B) {
	numbers := make([]uint32, 5000)
	b.SetBytes(4 * 5000)
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		sink = Of(numbers)
	}
}

func BenchmarkLast(b *testing.B) {
	for _, size := range []struct {
		name  string
		count int
	}{{"small", 500}, {"large", 20000}} {
		numbers := make([]uint32, size.count)
		b.Run(size.name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				sink = Last(numbers)
			}
		})
	}
}

func BenchmarkChecked(b *testing.B) {
	numbers := make([]uint32, 5000)
	if !IsUsable(numbers) {
		b.Fatal("the table is not usable")
	}
	for i := 0; i < b.N; i++ {
		sink = Last(numbers)
	}
}
