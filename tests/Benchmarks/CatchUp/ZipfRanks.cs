namespace Monolith.Benchmarks.CatchUp;

/// <summary>Draws ranks as Zipf has them (exponent 1): the second half as often as the first, the third a third as often.</summary>
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
