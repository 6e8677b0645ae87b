using System.Net;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Infrastructure.Exports;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>How long finished exports are kept, and how many.</summary>
[Trait("Category", "Module")]
public sealed class ExportCacheTests : IDisposable
{
    private const int MostBytes = 1000;
    private const int MostFiles = ExportCache.MaxFiles;

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
        IsKept(new ExportKey("customers", null), "1").ShouldBeFalse();
        IsKept(new ExportKey("orders", DateTimeOffset.UnixEpoch), "1").ShouldBeFalse();
    }

    [Fact]
    public async Task The_same_bytes_have_the_same_tag()
    {
        using var first = await AddAsync(Orders, "1", 10);
        using var same = await AddAsync(Orders, "2", 10);
        using var other = await AddAsync(Orders, "3", 11);

        same.Tag.ShouldBe(first.Tag);
        other.Tag.ShouldNotBe(first.Tag);
        first.Tag.ShouldStartWith("\"", customMessage: "a strong tag");
    }

    [Fact]
    public async Task A_file_goes_a_while_after_its_last_reader()
    {
        var read = await AddAsync(Orders, "1", 10);
        clock.Advance(ExportCache.IdleTime * 2);
        Files().ShouldBe(1, "it is being read");
        read.Dispose();
        clock.Advance(ExportCache.IdleTime / 2);
        IsKept(Orders, "1").ShouldBeTrue();
        clock.Advance(ExportCache.IdleTime / 2);
        Files().ShouldBe(1, "it was read again");
        clock.Advance(ExportCache.IdleTime);

        Files().ShouldBe(0);
        IsKept(Orders, "1").ShouldBeFalse();
    }

    [Fact]
    public async Task No_file_is_kept_longer_than_allowed()
    {
        using var read = await AddAsync(Orders, "1", 10);

        clock.Advance(ExportCache.MaxAge);

        Files().ShouldBe(0);
        read.Content.Length.ShouldBe(10, "its reader still has it");
        (await read.Content.ReadAtLeastAsync(new byte[10], 10)).ShouldBe(10);
    }

    [Fact]
    public async Task Only_so_many_files_are_kept()
    {
        for (var i = 0; i < MostFiles + 3; i++)
        {
            (await AddAsync(Orders, $"{i}", i + 1)).Dispose();
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
        (await AddAsync(Orders, "1", 600)).Dispose();
        (await AddAsync(Orders, "2", 601)).Dispose();
        Files().ShouldBe(1);

        (await AddAsync(Orders, "3", MostBytes * 10)).Dispose();

        Files().ShouldBe(1);
        IsKept(Orders, "3").ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_left_of_a_file_that_could_not_be_written()
    {
        await FailAsync();

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

    [Fact]
    public async Task Folder_deleted_by_an_operator_is_made_again()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        Directory.Delete(folder.Below("exports"), recursive: true);

        clock.Advance(ExportCache.MaxAge);
        (await AddAsync(Orders, "2", 11)).Dispose();

        IsKept(Orders, "2").ShouldBeTrue();
        Should.Throw<StoreFolderClaimedException>(() => StoreFolder.Claim(folder.Below("exports")).Dispose());
    }

    [Fact]
    public async Task Folder_deleted_during_exports_keeps_no_turns()
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
    public async Task Folder_that_cannot_be_made_keeps_no_turns()
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
    public void Leftovers_of_another_process_are_left_alone()
    {
        using var other = StoreFolder.Claim(folder.Below("exports"));
        File.WriteAllText(other.File("a.parquet"), "its export");

        exports.DeleteLeftovers();

        Files().ShouldBe(1);
    }

    [Fact]
    public void Nothing_is_made_where_no_export_was()
    {
        exports.DeleteLeftovers();

        Directory.Exists(folder.Below("exports")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_is_given_its_last_file_again()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        var older = TagGivenTo(Ada, "1");
        (await AddAsync(Orders, "2", 11)).Dispose();
        var newer = TagGivenTo(Bob, "2");

        TagAgainTo(Ada).ShouldBe(older);
        TagAgainTo(Bob).ShouldBe(newer);
        TagAgainTo(new ExportClient(IPAddress.Loopback, "cy")).ShouldBeNull();
        TagAgainTo(new ExportClient(IPAddress.IPv6Loopback, "ada")).ShouldBeNull();

        TagGivenTo(Ada, "2");
        TagAgainTo(Ada).ShouldBe(newer);
        TagGivenTo(Ada, "1");
        TagAgainTo(Ada).ShouldBe(older, "the last one, not the newest");
    }

    [Fact]
    public async Task Only_so_many_clients_of_a_file_are_remembered()
    {
        (await AddAsync(Orders, "1", 10)).Dispose();
        TagGivenTo(Ada, "1");
        TagGivenTo(Bob, "1");
        TagGivenTo(Ada, "1");

        for (var i = 1; i < ExportCache.MaxClients; i++)
            TagGivenTo(new ExportClient(IPAddress.Loopback, $"{i}"), "1");

        TagAgainTo(Bob).ShouldBeNull();
        TagAgainTo(Ada).ShouldNotBeNull();
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

    private async Task<ExportFile> AddAsync(ExportKey name, string state, int bytes)
    {
        var kept = (await cache.AddAsync(name, async path =>
        {
            await File.WriteAllBytesAsync(path, new byte[bytes]);
            return state;
        }, CancellationToken.None)).Value;
        return cache.Open(name, new ExportClient(null, "the one that made it"), kept.Tag)!;
    }

    private string TagGivenTo(ExportClient client, string state)
    {
        using var file = cache.Open(Orders, client, cache.Find(Orders, state)!.Tag)!;
        return file.Tag;
    }

    private string? TagAgainTo(ExportClient client)
    {
        using var file = cache.OpenLastSent(Orders, client);
        return file?.Tag;
    }

    private bool IsKept(ExportKey name, string state)
    {
        if (cache.Find(name, state) is not { } kept)
            return false;
        using var file = cache.Open(name, Ada, kept.Tag);
        return file is not null;
    }

    private int Files() => Directory.GetFiles(folder.Below("exports"), "*.parquet").Length;
}
