using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.DuckDb.Tests;

/// <summary>An operator may list projections after a generation has ended and before its file is deleted.</summary>
[Trait("Category", "Module")]
public sealed class ClosedGenerationTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public async Task Closed_generation_is_empty_before_its_removal()
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
