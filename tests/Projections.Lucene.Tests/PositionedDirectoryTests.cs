using Lucene.Net.Store;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>
/// Whoever reads a file of an index reads what is at his own place, however many read it at once, and nothing that is not his.
/// </summary>
[Trait("Category", "Module")]
public sealed class PositionedDirectoryTests : IDisposable
{
    private const string Name = "file";
    private const int Bytes = 300_000;
    private const int Readers = 8;
    private const int Looks = 2_000;

    private readonly TemporaryFolder folder = new();
    private readonly PositionedDirectory directory;

    public PositionedDirectoryTests()
    {
        File.WriteAllBytes(folder.Below(Name), [.. Enumerable.Range(0, Bytes).Select(ByteAt)]);
        directory = new PositionedDirectory(folder.Path, NoLockFactory.GetNoLockFactory());
    }

    public void Dispose()
    {
        directory.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Everybody_reads_at_his_own_place()
    {
        var seed = TestSeed.Next();
        using var input = directory.OpenInput(Name, IOContext.READ);

        Parallel.For(0, Readers, new ParallelOptions { MaxDegreeOfParallelism = Readers }, reader =>
        {
            var random = new Random(seed + reader);
            var mine = (IndexInput)input.Clone();
            var read = new byte[5_000];
            for (var look = 0; look < Looks; look++)
            {
                var (at, length) = (random.Next(Bytes - read.Length), random.Next(1, read.Length));
                mine.Seek(at);
                mine.ReadBytes(read, 0, length);
                read.AsSpan(0, length).SequenceEqual(Expected(at, length)).ShouldBeTrue($"{TestSeed.Shown(seed)}: {length} bytes at {at}");
            }
        });
    }

    [Fact]
    public void A_part_of_a_file_begins_at_0_and_ends_at_its_length()
    {
        using var slicer = directory.CreateSlicer(Name, IOContext.READ);
        using var part = slicer.OpenSlice("part", 1_000, 2_500);

        var read = new byte[2_500];
        part.ReadBytes(read, 0, read.Length);

        part.Length.ShouldBe(2_500);
        read.ShouldBe(Expected(1_000, 2_500));
        Should.Throw<EndOfStreamException>(() => part.ReadByte());
    }

    [Fact]
    public void A_file_that_was_cut_off_is_said_to_be()
    {
        using var input = directory.OpenInput(Name, IOContext.READ);
        using (var file = new FileStream(folder.Below(Name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(Bytes / 2);

        input.Seek(Bytes - 100);

        Should.Throw<EndOfStreamException>(() => input.ReadByte());
    }

    private static byte[] Expected(int at, int length) => [.. Enumerable.Range(at, length).Select(ByteAt)];

    private static byte ByteAt(int place) => (byte)(place * 31 + place / 257);
}
