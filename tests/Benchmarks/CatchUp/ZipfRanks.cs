namespace Monolith.Benchmarks.CatchUp;

/// <summary>Draws ranks from a Zipf distribution (exponent 1): the second is half as frequent as the first, the third a third.</summary>
internal sealed class ZipfRanks
{
    private readonly double[] sums;

    public ZipfRanks(int count)
    {
        sums = new double[count];
        for (var rank = 0; rank < count; rank++)
            sums[rank] = (rank == 0 ? 0 : sums[rank - 1]) + (1.0 / (rank + 1));
    }

    public int Draw(Random random)
    {
        var found = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return found < 0 ? ~found : found;
    }
}
