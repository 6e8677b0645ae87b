using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.DuckDb.Tests;

/// <summary>Between the end of a generation and the end of its file somebody may look at it: an operator who lists projections.</summary>
[Trait("Category", "Module")]
public sealed class GoingGenerationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task A_generation_that_is_closed_and_not_removed_yet_has_nothing_to_show()
    {
        using var instance = new DuckDbInstance(
            new DuckDbSettings(new ConfigurationBuilder().AddInMemoryCollection([new("Stores:Folder", folder.Path)]).Build()));
        using (var before = RowsOf(instance))
        {
            await before.OpenAsync(CancellationToken.None);
            await before.CreateAsync(1, CancellationToken.None);
        }

        using var rows = RowsOf(instance);
        await rows.OpenAsync(CancellationToken.None);
        await rows.DeleteCheckpointsAsync(1, CancellationToken.None);

        (await rows.CheckpointsAsync(1, CancellationToken.None)).ShouldBeEmpty();
        (await rows.CountDeadLettersAsync(1, CancellationToken.None)).ShouldBe(default);
        (await rows.DeadLetterKeysAsync(1, CancellationToken.None)).ShouldBeEmpty();
        (await rows.DeadLettersAsync(1, 0, 10, CancellationToken.None)).ShouldBeEmpty();
        rows.Enter(1).ShouldBeNull();
    }

    public void Dispose() => folder.Dispose();

    private DuckDbRows<Guid, CounterRow> RowsOf(DuckDbInstance instance) => new(
        instance,
        folder.Path,
        new ProjectionDefinition("sample.counters", 1, [], default),
        new DuckDbTables<Guid, CounterRow>(
            "counters",
            "counter_id",
            row => row.CounterId,
            columns => columns.Large("total", row => row.Total),
            (id, line) => new CounterRow(id, line.Large(), 0, null)),
        TimeProvider.System);
}
