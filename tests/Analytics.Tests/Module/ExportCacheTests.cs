using Microsoft.Extensions.Time.Testing;
using Monolith.Modules.Analytics.Exports;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>How long finished exports are kept, and how many.</summary>
[Trait("Height", "Module")]
public sealed class ExportCacheTests : IDisposable
{
    private const int MostBytes = 100;
    private const int MostFiles = 4;

    private static readonly ExportName Orders = new("orders", null);

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new();
    private readonly ExportFolder exports;
    private readonly ExportCache cache;

    public ExportCacheTests()
    {
        exports = new ExportFolder(folder.Below("exports"));
        cache = new ExportCache(exports, clock, MostBytes);
    }

    public void Dispose()
    {
        cache.Dispose();
        exports.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_found_by_its_name_and_state()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();

        IsKept(Orders, "1").ShouldBeTrue();
        IsKept(Orders, "2").ShouldBeFalse();
        IsKept(new ExportName("customers", null), "1").ShouldBeFalse();
        IsKept(new ExportName("orders", DateTimeOffset.UnixEpoch), "1").ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_bytes_have_the_same_tag()
    {
        using var first = await AddAsync(Orders, "1", 10);
        using var same = await AddAsync(Orders, "2", 10);
        using var other = await AddAsync(Orders, "3", 11);

        same.Tag.ShouldBe(first.Tag);
        other.Tag.ShouldNotBe(first.Tag);
        first.Tag.IsWeak.ShouldBeFalse();
    }

    [Fact]
    public async Task A_file_goes_a_while_after_its_last_reader()
    {
        var read = await AddAsync(Orders, "1", 10);
        clock.Advance(ExportCache.KeptUnused * 2);
        Files().ShouldBe(1, "it is being read");
        read.Dispose();
        clock.Advance(ExportCache.KeptUnused / 2);
        IsKept(Orders, "1").ShouldBeTrue();
        clock.Advance(ExportCache.KeptUnused / 2);
        Files().ShouldBe(1, "it was read again");
        clock.Advance(ExportCache.KeptUnused);

        Files().ShouldBe(0);
        IsKept(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task No_file_is_kept_longer_than_allowed()
    {
        using var read = await AddAsync(Orders, "1", 10);

        clock.Advance(ExportCache.KeptAtMost);

        Files().ShouldBe(0);
        read.Content.Length.ShouldBe(10, "its reader still has it");
        (await read.Content.ReadAtLeastAsync(new byte[10], 10)).ShouldBe(10);
    }

    [Fact]
    public async Task Only_so_many_files_are_kept()
    {
        for (var i = 0; i < MostFiles + 3; i++)
        {
            (await AddAsync(Orders, $"{i}", 1)).Dispose();
            clock.Advance(TimeSpan.FromSeconds(1));
            IsKept(Orders, "0").ShouldBeTrue("the one that is used goes last");
        }

        Files().ShouldBe(MostFiles);
        IsKept(Orders, $"{MostFiles + 2}").ShouldBeTrue();
        IsKept(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task Only_so_many_bytes_are_kept_beside_the_newest_file()
    {
        (await AddAsync(Orders, "1", 60)).Dispose();
        (await AddAsync(Orders, "2", 60)).Dispose();
        Files().ShouldBe(1);

        (await AddAsync(Orders, "3", MostBytes * 10)).Dispose();

        Files().ShouldBe(1);
        IsKept(Orders, "3").ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_left_of_a_file_that_could_not_be_written()
    {
        await Should.ThrowAsync<IOException>(() => cache.AddAsync(Orders, "1", path =>
        {
            File.WriteAllBytes(path, new byte[5]);
            throw new IOException("The disk is full.");
        }, CancellationToken.None));

        Files().ShouldBe(0);
        (await AddAsync(Orders, "1", 10)).Dispose();
        Files().ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_was_removed_by_hand_is_not_found()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        foreach (var file in Directory.GetFiles(folder.Below("exports"), "*.parquet"))
            File.Delete(file);

        IsKept(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_left_when_the_host_stops()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();

        cache.Dispose();

        Files().ShouldBe(0);
    }

    private async Task<ExportFile> AddAsync(ExportName name, string state, int bytes) =>
        (await cache.AddAsync(name, state, path => File.WriteAllBytesAsync(path, new byte[bytes]), CancellationToken.None)).Value;

    private bool IsKept(ExportName name, string state)
    {
        using var found = cache.Find(name, kept => kept.State == state);
        return found is not null;
    }

    private int Files() => Directory.GetFiles(folder.Below("exports"), "*.parquet").Length;
}
