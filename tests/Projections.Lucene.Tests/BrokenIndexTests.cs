using Lucene.Net.Index;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.Testing;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>An unreadable index is discarded and rebuilt, with an alarm. Queries are refused during the rebuild.</summary>
[Trait("Category", "Module")]
public sealed class BrokenIndexTests : GenerationContract
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly LuceneUnderTest lucene;

    public BrokenIndexTests()
        : this(new LuceneUnderTest())
    {
    }

    private BrokenIndexTests(LuceneUnderTest lucene)
        : base(lucene) => this.lucene = lucene;

    /// <summary>The damage of a file.</summary>
    public enum Damage
    {
        Gone,
        CutOff,
        Overwritten,
    }

    [Theory]
    [InlineData("segments_*", Damage.Gone)]
    [InlineData("*.fdt", Damage.CutOff)]
    [InlineData("*.tim", Damage.CutOff)]
    [InlineData("*.si", Damage.CutOff)]
    [InlineData("segments_*", Damage.Overwritten)]
    [InlineData("*.fdt", Damage.Overwritten)]
    [InlineData("*.tim", Damage.Overwritten)]
    public async Task Damaged_files_cause_only_a_rebuild(string files, Damage damage)
    {
        await WriteHistoryAsync(5, 1_000);
        await (await StartLiveAsync()).DisposeAsync();
        foreach (var file in Directory.GetFiles(lucene.PathOf(1), files))
            Do(damage, file);

        using var gate = new Gate(500);
        var host = await StartAsync(gate.Fold);
        await gate.Reached;

        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                await host.HealthAsync() is { Status: HealthStatus.Degraded } health
                    && health.Description!.Contains("the index of generation 1 is broken", StringComparison.Ordinal)
                    ? null
                    : "not degraded",
            Cancellation);
        StorageFailures.Of(await Should.ThrowAsync<ReadModelBuildingException>(() => SeenAsync()), []).ShouldBe(StorageFailure.Building);
        lucene.Log.Entries.ShouldContain(
            entry => entry.Level == LogLevel.Error && entry.Message.Contains("generation 1 is broken", StringComparison.Ordinal));
        gate.Open();
        await host.UntilAsync(2, GenerationState.Live);

        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 2);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        (await host.UntilAsync(1, GenerationState.Failed)).Reason.ShouldNotBeNull().ShouldNotContain(lucene.Folder);
        await ShouldBeGoneAsync(host, 1);
        await Eventually.HoldsAsync(
            Timeout, async () => (await host.HealthAsync()).Status == HealthStatus.Healthy ? null : "not healthy", Cancellation);
    }

    [Fact]
    public async Task Query_of_a_damaged_index_starts_a_rebuild()
    {
        await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();

        Should.Throw<ReadModelBuildingException>(
            () => lucene.Index.Read<int>(_ => throw new CorruptIndexException("a bit has fallen over")));

        await host.UntilAsync(2, GenerationState.Live);
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 2);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Theory, InlineData("{\"generations\": [{"), InlineData(""), InlineData(null)]
    public async Task Unreadable_registry_discards_the_rows(string? content)
    {
        await WriteHistoryAsync(5, 1_000);
        var first = await StartLiveAsync();
        await first.UntilEndedAsync(await first.Control.RebuildAsync(Auto, Operator, Cancellation));
        await first.DisposeAsync();
        var registry = Path.Combine(lucene.Folder, "registry.json");
        if (content is null)
            File.Delete(registry);
        else
            await File.WriteAllTextAsync(registry, content, Cancellation);

        var host = await StartAsync();
        await host.UntilAsync(3, GenerationState.Live);

        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 3);
        Directory.Exists(lucene.PathOf(1)).ShouldBeFalse("a number is never reused, and its files are deleted");
        Directory.Exists(lucene.PathOf(2)).ShouldBeFalse();
    }

    [Fact]
    public async Task Damaged_snapshot_is_removed_and_live_rows_stay()
    {
        await WriteHistoryAsync(5, 500);
        var first = await StartLiveAsync();
        await first.UntilEndedAsync(
            await first.Control.RebuildAsync(new(Promotion.None, DateTimeOffset.UtcNow, "noon"), Operator, Cancellation));
        await first.DisposeAsync();
        foreach (var file in Directory.GetFiles(lucene.PathOf(2), "segments_*"))
            File.Delete(file);

        var host = await StartAsync();

        await host.UntilAsync(2, GenerationState.Failed);
        await host.UntilCurrentAsync();
        (await host.LiveAsync()).ShouldBe(1);
        (await lucene.HasSnapshotAsync("noon")).ShouldBeFalse();
        (await host.RegistryAsync()).Generations.Count.ShouldBe(2);
    }

    private static void Do(Damage damage, string file)
    {
        var bytes = File.ReadAllBytes(file);
        File.Delete(file);
        if (damage == Damage.Gone)
            return;
        if (damage == Damage.Overwritten)
            bytes[bytes.Length / 2] ^= 0xFF;
        File.WriteAllBytes(file, damage == Damage.CutOff ? bytes[..1] : bytes);
    }
}
