using Lucene.Net.Store;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>
/// Each reader of an index file has an independent position, also if several read the file at the same time.
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
    public void Concurrent_readers_have_independent_positions()
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
    public void Slice_of_a_file_has_its_own_bounds()
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
    public void Truncated_file_is_reported()
    {
        using var input = directory.OpenInput(Name, IOContext.READ);
        using (var file = new FileStream(folder.Below(Name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(Bytes / 2);

        input.Seek(Bytes - 100);

        Should.Throw<EndOfStreamException>(() => input.ReadByte());
    }

    private static byte[] Expected(int at, int length) => [.. Enumerable.Range(at, length).Select(ByteAt)];

    private static byte ByteAt(int position) => (byte)(position * 31 + position / 257);
}
