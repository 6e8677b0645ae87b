using System.Net;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Infrastructure.Exports;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>Lookup and eviction of finished exports.</summary>
[Trait("Category", "Module")]
public sealed class ExportCacheTests : IDisposable
{
    private const int MaxBytes = 1000;
    private const int MaxFiles = ExportCache.MaxFiles;

    private static readonly ExportKey Orders = new("orders", null);
    private static readonly ExportClient Ada = new(IPAddress.Loopback, "ada");
    private static readonly ExportClient Bob = new(IPAddress.Loopback, "bob");

    private readonly TemporaryFolder folder = new();
    private readonly FakeTimeProvider clock = new();
    private readonly ExportFolder exports;
    private readonly ExportCache cache;

    public ExportCacheTests()
    {
        exports = new ExportFolder(folder.Below("exports"));
        cache = new ExportCache(exports, clock, MaxBytes);
    }

    public void Dispose()
    {
        cache.Dispose();
        exports.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task File_is_found_by_key_and_state()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();

        IsCached(Orders, "1").ShouldBeTrue();
        IsCached(Orders, "2").ShouldBeFalse();
        IsCached(new ExportKey("customers", null), "1").ShouldBeFalse();
        IsCached(new ExportKey("orders", DateTimeOffset.UnixEpoch), "1").ShouldBeFalse();
    }

    [Fact]
    public async Task Equal_content_has_equal_tags()
    {
        using var first = await AddAsync(Orders, "1", 10);
        using var same = await AddAsync(Orders, "2", 10);
        using var other = await AddAsync(Orders, "3", 11);

        same.Tag.ShouldBe(first.Tag);
        other.Tag.ShouldNotBe(first.Tag);
        first.Tag.ShouldStartWith("\"", customMessage: "a strong tag");
    }

    [Fact]
    public async Task File_is_evicted_after_the_idle_time()
    {
        var read = await AddAsync(Orders, "1", 10);
        clock.Advance(ExportCache.IdleTime * 2);
        Files().ShouldBe(1, "it has a reader");
        read.Dispose();
        clock.Advance(ExportCache.IdleTime / 2);
        IsCached(Orders, "1").ShouldBeTrue();
        clock.Advance(ExportCache.IdleTime / 2);
        Files().ShouldBe(1, "it was read again");
        clock.Advance(ExportCache.IdleTime);

        Files().ShouldBe(0);
        IsCached(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task File_is_evicted_at_its_maximum_age()
    {
        using var read = await AddAsync(Orders, "1", 10);

        clock.Advance(ExportCache.MaxAge);

        Files().ShouldBe(0);
        read.Content.Length.ShouldBe(10, "its reader still has it");
        (await read.Content.ReadAtLeastAsync(new byte[10], 10)).ShouldBe(10);
    }

    [Fact]
    public async Task Files_are_limited_in_number()
    {
        for (var i = 0; i < MaxFiles + 3; i++)
        {
            (await AddAsync(Orders, $"{i}", i + 1)).Dispose();
            clock.Advance(TimeSpan.FromSeconds(1));
            IsCached(Orders, "0").ShouldBeTrue("a used file is evicted last");
        }

        Files().ShouldBe(MaxFiles);
        IsCached(Orders, $"{MaxFiles + 2}").ShouldBeTrue();
        IsCached(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task Cache_is_limited_in_bytes_except_for_the_newest_file()
    {
        (await AddAsync(Orders, "1", 600)).Dispose();
        (await AddAsync(Orders, "2", 601)).Dispose();
        Files().ShouldBe(1);

        (await AddAsync(Orders, "3", MaxBytes * 10)).Dispose();

        Files().ShouldBe(1);
        IsCached(Orders, "3").ShouldBeTrue();
    }

    [Fact]
    public async Task Failed_write_leaves_no_file()
    {
        await FailAsync();

        Files().ShouldBe(0);
        (await AddAsync(Orders, "1", 10)).Dispose();
        Files().ShouldBe(1);
    }

    [Fact]
    public async Task File_deleted_by_an_operator_is_not_found()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        foreach (var file in Directory.GetFiles(folder.Below("exports"), "*.parquet"))
            File.Delete(file);

        IsCached(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task Shutdown_deletes_all_files()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();

        cache.Dispose();

        Files().ShouldBe(0);
    }

    [Fact]
    public async Task Folder_deleted_by_an_operator_is_recreated()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        Directory.Delete(folder.Below("exports"), recursive: true);

        clock.Advance(ExportCache.MaxAge);
        (await AddAsync(Orders, "2", 11)).Dispose();

        IsCached(Orders, "2").ShouldBeTrue();
        Should.Throw<StoreFolderClaimedException>(() => StoreFolder.Claim(folder.Below("exports")).Dispose());
    }

    [Fact]
    public async Task Folder_deleted_during_exports_leaks_no_slots()
    {
        for (var i = 0; i < 5; i++)
        {
            await Should.ThrowAsync<IOException>(() => cache.AddAsync(Orders, path =>
            {
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
                throw new IOException("The folder is gone.");
            }, CancellationToken.None));
        }

        (await AddAsync(Orders, "1", 10)).Dispose();
    }

    [Fact]
    public async Task Folder_that_cannot_be_created_leaks_no_slots()
    {
        await File.WriteAllTextAsync(folder.Below("exports"), "not a folder");
        for (var i = 0; i < 5; i++)
            await Should.ThrowAsync<IOException>(() => AddAsync(Orders, "1", 10));
        File.Delete(folder.Below("exports"));

        (await AddAsync(Orders, "1", 10)).Dispose();
    }

    [Fact]
    public async Task File_that_cannot_be_deleted_is_deleted_later()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        var path = Directory.GetFiles(folder.Below("exports"), "*.parquet").Single();
        File.Delete(path);
        // A folder in its place cannot be deleted as a file, whatever the rights of the process.
        Directory.CreateDirectory(path);

        clock.Advance(ExportCache.IdleTime);
        Directory.Delete(path);
        await File.WriteAllTextAsync(path, "personal data");
        clock.Advance(ExportCache.IdleTime);

        Files().ShouldBe(0);
    }

    [Fact]
    public async Task Leftovers_are_deleted_without_an_export()
    {
        Directory.CreateDirectory(folder.Below("exports"));
        foreach (var name in new[] { "a.parquet", "b.parquet.duckdb", "b.parquet.duckdb.wal" })
            await File.WriteAllTextAsync(Path.Combine(folder.Below("exports"), name), "personal data");

        exports.DeleteLeftovers();

        Directory.GetFiles(folder.Below("exports")).Select(Path.GetFileName).ShouldBe(["lock", "instance"], ignoreOrder: true);
    }

    [Fact]
    public void Files_of_another_process_are_not_deleted()
    {
        using var other = StoreFolder.Claim(folder.Below("exports"));
        File.WriteAllText(other.File("a.parquet"), "its export");

        exports.DeleteLeftovers();

        Files().ShouldBe(1);
    }

    [Fact]
    public void Cleanup_creates_no_folder()
    {
        exports.DeleteLeftovers();

        Directory.Exists(folder.Below("exports")).ShouldBeFalse();
    }

    [Fact]
    public async Task Client_gets_its_last_file_again()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        var older = TagSentTo(Ada, "1");
        (await AddAsync(Orders, "2", 11)).Dispose();
        var newer = TagSentTo(Bob, "2");

        LastTagOf(Ada).ShouldBe(older);
        LastTagOf(Bob).ShouldBe(newer);
        LastTagOf(new ExportClient(IPAddress.Loopback, "cy")).ShouldBeNull();
        LastTagOf(new ExportClient(IPAddress.IPv6Loopback, "ada")).ShouldBeNull();

        TagSentTo(Ada, "2");
        LastTagOf(Ada).ShouldBe(newer);
        TagSentTo(Ada, "1");
        LastTagOf(Ada).ShouldBe(older, "the last one sent, not the newest");
    }

    [Fact]
    public async Task Clients_per_file_are_limited()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        TagSentTo(Ada, "1");
        TagSentTo(Bob, "1");
        TagSentTo(Ada, "1");

        for (var i = 1; i < ExportCache.MaxClients; i++)
            TagSentTo(new ExportClient(IPAddress.Loopback, $"{i}"), "1");

        LastTagOf(Bob).ShouldBeNull();
        LastTagOf(Ada).ShouldNotBeNull();
    }

    [Fact]
    public async Task Exports_beyond_the_limit_are_busy()
    {
        using var narrow = new ExportFolder(folder.Below("narrow")) { SlotTimeout = TimeSpan.FromMilliseconds(50) };
        using var first = (await narrow.AcquireAsync(ofEvents: true, CancellationToken.None)).Value;
        var second = (await narrow.AcquireAsync(ofEvents: true, CancellationToken.None)).Value;

        (await narrow.AcquireAsync(ofEvents: true, CancellationToken.None)).Error.ShouldBe(ExportFolder.Busy);
        (await narrow.AcquireAsync(ofEvents: false, CancellationToken.None)).Value.Dispose();
        second.Dispose();
        (await narrow.AcquireAsync(ofEvents: true, CancellationToken.None)).Value.Dispose();
    }

    private async Task FailAsync() => await Should.ThrowAsync<IOException>(() => cache.AddAsync(Orders, path =>
    {
        File.WriteAllBytes(path, new byte[5]);
        throw new IOException("The disk is full.");
    }, CancellationToken.None));

    private async Task<ExportFile> AddAsync(ExportKey key, string state, int bytes)
    {
        var export = (await cache.AddAsync(key, async path =>
        {
            await File.WriteAllBytesAsync(path, new byte[bytes]);
            return state;
        }, CancellationToken.None)).Value;
        return cache.Open(key, new ExportClient(null, "creator"), export.Tag)!;
    }

    private string TagSentTo(ExportClient client, string state)
    {
        using var file = cache.Open(Orders, client, cache.Find(Orders, state)!.Tag)!;
        return file.Tag;
    }

    private string? LastTagOf(ExportClient client)
    {
        using var file = cache.OpenLastSent(Orders, client);
        return file?.Tag;
    }

    private bool IsCached(ExportKey key, string state)
    {
        if (cache.Find(key, state) is not { } export)
            return false;
        using var file = cache.Open(key, Ada, export.Tag);
        return file is not null;
    }

    private int Files() => Directory.GetFiles(folder.Below("exports"), "*.parquet").Length;
}
