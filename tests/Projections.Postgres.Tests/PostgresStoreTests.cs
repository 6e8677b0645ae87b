using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;
using Monolith.Testing.Events;
using Npgsql;
using static Monolith.Projections.Postgres.Tests.RowMappingTests;

namespace Monolith.Projections.Postgres.Tests;

[Trait("Category", "Module")]
public sealed class PostgresStoreTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
    private static readonly Guid Counter = Guid.Parse("0191d5c8-7f3a-7000-8000-000000000001");
    private static readonly Guid Other = Guid.Parse("0191d5c8-7f3a-7000-8000-000000000002");

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SampleDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.NewAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Concurrent_preparations_create_one_generation_and_one_view()
    {
        var generations = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            await using var process = database.OfAnotherProcess();
            var store = Store(process, SampleProjections.Concurrent() with { Version = i < 4 ? 1 : 2 });
            await store.Registry.PrepareAsync(cancellation);
            return (await store.Registry.ReadAsync(cancellation)).Generations.Single().Number;
        }));

        generations.ShouldAllBe(generation => generation == 1);
        (await database.QueryAsync<string>("select format('%s g%s %s', projection, number, state) from shop_read.generations"))
            .ShouldBe(["shop.counters g1 building"]);
        (await database.ScalarAsync<string>("select pg_get_userbyid(relowner)::text from pg_class where oid = "
            + "'shop_read.counters'::regclass and relkind = 'v'"))
            .ShouldBe("shop_app");
    }

    [Fact]
    public async Task View_without_a_promoted_generation_throws()
    {
        var store = await PreparedAsync();
        (await Should.ThrowAsync<PostgresException>(() => RowsAsync("counters"))).SqlState.ShouldBe("MN003");

        await store.Registry.PromoteAsync(1, cancellation);

        (await RowsAsync("counters")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_returns_the_checkpoint_with_the_next_epoch()
    {
        var store = await PreparedAsync();
        var first = await TakeAsync(store, 0, 1);
        first.Select(point => (point.Partition.Partition, point.Epoch, point.NextOffset, point.LastEventId, point.Source))
            .ShouldBe([(0, 1, 0, null, null), (1, 1, 0, null, null)], ignoreOrder: true);

        var last = Guid.NewGuid();
        await CommitAsync(store, [Row(Counter, 1)], Step(first[0], 7, last));
        var second = (await TakeAsync(store, first[0].Partition.Partition)).Single();

        second.ShouldBe(new Checkpoint(first[0].Partition, 2, 7, last, 70, "here"));
    }

    [Fact]
    public async Task Owner_of_an_older_epoch_writes_nothing()
    {
        var store = await PreparedAsync();
        var old = (await TakeAsync(store, 0)).Single();
        await TakeAsync(store, 0);

        await Should.ThrowAsync<CheckpointLostException>(() => CommitAsync(store, [Row(Counter, 1)], Step(old, 1)));

        (await RowsAsync()).ShouldBeEmpty();
        (await NextOffsetAsync(0)).ShouldBe(0);
    }

    [Fact]
    public async Task Commit_with_one_wrong_checkpoint_writes_nothing()
    {
        var store = await PreparedAsync();
        var points = await TakeAsync(store, 0, 1);
        await CommitAsync(store, [], Step(points[0], 5));

        await Should.ThrowAsync<CheckpointLostException>(
            () => CommitAsync(store, [Row(Counter, 1)], Step(points[1], 1), Step(points[0], 6)));

        (await RowsAsync()).ShouldBeEmpty();
        (await NextOffsetAsync(points[1].Partition.Partition)).ShouldBe(0);
    }

    [Theory]
    [InlineData(WriterMode.Concurrent)]
    [InlineData(WriterMode.Serialized)]
    public async Task Refused_row_leaves_rows_and_checkpoint_unchanged(WriterMode writers)
    {
        var store = await PreparedAsync(writers);
        var point = (await TakeAsync(store, 0)).Single();

        var refused = await Should.ThrowAsync<RowsRefusedException>(
            () => CommitAsync(store, [Row(Counter, 1), Row(Other, 1) with { Row = new CounterRow(Other, 1, 1, "a\0b") }], Step(point, 2)));

        refused.Message.ShouldStartWith("22021: ");
        (await RowsAsync()).ShouldBeEmpty();
        (await NextOffsetAsync(0)).ShouldBe(0);
        await CommitAsync(store, [Row(Counter, 1)], Step(point, 1));
        (await RowsAsync()).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(WriterMode.Concurrent)]
    [InlineData(WriterMode.Serialized)]
    public async Task Rows_are_written_loaded_changed_and_deleted(WriterMode writers)
    {
        var store = await PreparedAsync(writers);
        var point = (await TakeAsync(store, 0)).Single();
        await CommitAsync(store, [Row(Counter, 1), Row(Other, 2)], Step(point, 2));

        var loaded = new Dictionary<Guid, CounterRow>();
        await using (var batch = await store.BeginAsync(1, cancellation))
        {
            await batch.LoadAsync([Counter, Other, Guid.NewGuid()], loaded, [], cancellation);
            loaded.Count.ShouldBe(2);
            await batch.CommitAsync(
                new(
                    [new(Counter, null), new(Other, loaded[Other] with { Total = 20, Name = null })],
                    [Step(point, 4) with { From = 2 }],
                    [],
                    []),
                cancellation);
        }

        (await RowsAsync()).ShouldBe([new CounterRow(Other, 20, 1, null)]);
        (await NextOffsetAsync(0)).ShouldBe(4);
    }

    [Fact]
    public async Task Disposed_batch_writes_nothing_and_holds_no_lock()
    {
        var store = await PreparedAsync(WriterMode.Serialized);
        var point = (await TakeAsync(store, 0)).Single();
        await using (var abandoned = await store.BeginAsync(1, cancellation))
            await abandoned.LoadAsync([Counter], [], [], cancellation);

        await CommitAsync(store, [Row(Counter, 1)], Step(point, 1)).WaitAsync(TimeSpan.FromSeconds(10));

        (await database.ScalarAsync<long>("select count(*) from pg_locks l join pg_database d on d.oid = l.database where d.datname = "
            + "current_database() and l.locktype = 'advisory'"))
            .ShouldBe(0);
    }

    [Fact]
    public async Task Every_type_of_column_survives()
    {
        var store = new PostgresStore<Guid, EveryType>(
            database.Shop.Database.App,
            SampleDatabase.ReadSchema,
            SampleProjections.Concurrent(),
            new("every_types", "every_type_id"),
            Json);
        await store.Registry.PrepareAsync(cancellation);
        var point = (await store.Registry.ClaimPartitionsAsync(1, [PartitionAt(0)], cancellation)).Single();
        var at = new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero).AddTicks(1_234_560);
        EveryType[] rows =
        [
            new(
                Counter,
                "Zoë 😀 'quoted' \\ \"",
                "maybe",
                true,
                int.MaxValue,
                int.MinValue,
                long.MaxValue,
                12.50m,
                -0.001m,
                at,
                at,
                Shade.VeryDark,
                ["a", "ö\"{}"]),
            new(
                Other,
                "",
                null,
                false,
                0,
                null,
                long.MinValue,
                999_999_999_999_999.99m,
                null,
                DateTimeOffset.UnixEpoch,
                null,
                Shade.Light,
                null),
        ];

        await using (var batch = await store.BeginAsync(1, cancellation))
            await batch.CommitAsync(
                new([.. rows.Select(row => new RowChange<Guid, EveryType>(row.EveryTypeId, row))], [Step(point, 2)], [], []), cancellation);
        var loaded = new Dictionary<Guid, EveryType>();
        await using (var batch = await store.BeginAsync(1, cancellation))
            await batch.LoadAsync([Counter, Other], loaded, [], cancellation);

        foreach (var row in rows)
        {
            loaded[row.EveryTypeId].Tags.ShouldBe(row.Tags);
            (loaded[row.EveryTypeId] with { Tags = row.Tags }).ShouldBe(row);
        }

        loaded[Counter].Amount.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe("12.50");
        (await database.ScalarAsync<string>($"select shade from shop_read.every_types_g1 where every_type_id = '{Counter}'"))
            .ShouldBe("verydark");
    }

    [Fact]
    public async Task Serialized_writers_of_the_same_rows_lose_no_update()
    {
        const int batches = 200;
        var store = await PreparedAsync(WriterMode.Serialized);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(partition => Task.Run(async () =>
        {
            await using var process = database.OfAnotherProcess();
            var mine = Store(process, SampleProjections.Serialized());
            var point = (await TakeAsync(mine, partition)).Single();
            for (var offset = 0; offset < batches; offset++)
            {
                var rows = new Dictionary<Guid, CounterRow>();
                await using var batch = await mine.BeginAsync(1, cancellation);
                await batch.LoadAsync([Counter, Other], rows, [], cancellation);
                await batch.CommitAsync(
                    new(
                        [Row(Counter, Total(rows, Counter) + 1), Row(Other, Total(rows, Other) + 1)],
                        [Step(point, offset + 1) with { From = offset }],
                        [],
                        []),
                    cancellation);
            }
        })));

        (await RowsAsync()).Select(row => row.Total).ShouldBe([2 * batches, 2 * batches]);
    }

    [Theory]
    [InlineData(WriterMode.Concurrent)]
    [InlineData(WriterMode.Serialized)]
    public async Task Batches_run_read_committed(WriterMode writers)
    {
        var store = await PreparedAsync(writers);
        await database.ExecuteAsync(
            """
            create function shop_read.isolation() returns trigger language plpgsql as
            $$ begin new.name = current_setting('transaction_isolation'); return new; end $$;
            create trigger isolation before insert on shop_read.counters_g1 for each row execute function shop_read.isolation();
            """);
        var point = (await TakeAsync(store, 0)).Single();

        await CommitAsync(store, [Row(Counter, 1)], Step(point, 1));

        (await RowsAsync()).Single().Name.ShouldBe("read committed");
    }

    [Fact]
    public async Task Commit_without_rows_advances_the_checkpoint()
    {
        var store = await PreparedAsync(WriterMode.Serialized);
        var point = (await TakeAsync(store, 0)).Single();

        await CommitAsync(store, [], Step(point, 9));

        (await NextOffsetAsync(0)).ShouldBe(9);
    }

    /// <summary>The roles end a transaction that is idle for 2 s; a rebuild under live traffic may pause longer.</summary>
    [Fact]
    public async Task Fill_may_pause_longer_than_the_idle_timeout()
    {
        const int rows = 15_000;
        var store = await PreparedAsync();
        var point = (await TakeAsync(store, 0)).Single();
        RowChange<Guid, CounterRow>[] changes = [.. Enumerable.Range(0, rows).Select(i => Row(SampleRecords.CounterOf(i), 1))];
        await store.FillAsync(1, Fill(changes[..(rows / 2)], [], Step(point, 1)), cancellation);

        await store.FillAsync(
            1,
            Fill(changes[(rows / 2)..], [.. changes[..(rows / 2)].Select(change => Row(change.Key, 2))], Step(point, 2) with { From = 1 }),
            cancellation);

        (await RowsAsync()).Sum(row => row.Total).ShouldBe(rows + (rows / 2));
        (await NextOffsetAsync(0)).ShouldBe(2);
    }

    [Fact]
    public async Task Pausing_copy_is_not_ended_as_a_stalled_batch()
    {
        await PreparedAsync();
        await using var connection = await database.Shop.Database.App.OpenConnectionAsync(cancellation);
        await using var copy = await CopyAsync(connection, 1);
        await UntilSilentAsync("copy %");

        await Should.ThrowAsync<PostgresException>(() => StalledTransactionTerminator.ExecuteAsync<int>(
            database.Shop.Database.App, () =>
                throw new PostgresException(
                    "canceling statement due to lock timeout", "ERROR", "ERROR", PostgresErrorCodes.LockNotAvailable)));

        await copy.CompleteAsync(cancellation);
        (await RowsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Builder_ends_the_copy_of_a_stalled_builder()
    {
        const int rows = 20_000;
        var store = await PreparedAsync();
        var point = (await TakeAsync(store, 0)).Single();
        await using var connection = await database.Shop.Database.App.OpenConnectionAsync(cancellation);
        var frozen = await CopyAsync(connection, rows);
        await UntilSilentAsync("copy %");
        var fill = Fill([.. Enumerable.Range(0, rows).Select(i => Row(SampleRecords.CounterOf(i), 7))], [], Step(point, 1));

        (
            await Should.ThrowAsync<PostgresException>(
                () => store.FillAsync(1, fill, cancellation))).SqlState.ShouldBe(PostgresErrorCodes.LockNotAvailable);
        await store.FillAsync(1, fill, cancellation);

        (await RowsAsync()).ShouldAllBe(row => row.Total == 7);
        await Should.ThrowAsync<NpgsqlException>(async () => await frozen.CompleteAsync(cancellation));
    }

    /// <summary>Another host adds a dead letter of a key while the owner applies the earlier ones.</summary>
    [Theory, InlineData(WriterMode.Concurrent), InlineData(WriterMode.Serialized)]
    public async Task Request_passes_to_dead_letters_added_meanwhile(WriterMode writers)
    {
        var store = await PreparedAsync(writers);
        var points = (await TakeAsync(store, 0, 1)).OrderBy(point => point.Partition.Partition).ToArray();
        var (first, later) = (SampleRecords.Of(new Counted(Counter, 1), 0), SampleRecords.Of(new Counted(Counter, 1), 0, 1));
        await CommitDeadLettersAsync(store, first, "cannot be applied", Step(points[0], 1));
        var operation = new Operation(
            Guid.CreateVersion7(), "requeue", "shop.counters", 1, null, OperationState.Running, null, null, DateTimeOffset.UtcNow, null);
        await store.Registry.AddRequestAsync(
            1, null, DeadLetterRequest.Requeue, new OperationRecord(operation, "requeue all"), cancellation);
        (await PendingRequestsAsync(store)).ShouldBe([0]);

        await CommitDeadLettersAsync(store, later, null, Step(points[1], 1));
        await UnparkAsync(store, first, 1, Step(points[0], 1) with { From = 1 });

        await store.Registry.EndDeadLetterRequestAsync(operation, 1, cancellation);
        (
            await store.Registry.FindOperationAsync(
                operation.Id, cancellation))!.State.ShouldBe(OperationState.Running, "the key still has a dead letter");
        (await PendingRequestsAsync(store)).ShouldBe([1]);
        await UnparkAsync(store, later, 2, Step(points[1], 1) with { From = 1 });
        await store.Registry.EndDeadLetterRequestAsync(operation, 1, cancellation);
        (await store.Registry.FindOperationAsync(operation.Id, cancellation))!.State.ShouldBe(OperationState.Done);
        (await store.Registry.DeadLettersAsync(10, cancellation)).ShouldBeEmpty();
    }

    private async Task CommitDeadLettersAsync(
        PostgresStore<Guid, CounterRow> store, LogRecord record, string? reason, CheckpointAdvance advance)
    {
        await using var batch = await store.BeginAsync(1, cancellation);
        await batch.CommitAsync(new([], [advance], [new DeadLetterEvent<Guid>(Counter, record, reason)], []), cancellation);
    }

    private async Task UnparkAsync(PostgresStore<Guid, CounterRow> store, LogRecord record, long total, CheckpointAdvance advance)
    {
        await using var batch = await store.BeginAsync(1, cancellation);
        await batch.CommitAsync(
            new([Row(Counter, total)], [advance], [], [(new LogPartition(record.Log, record.Partition), record.Offset)]), cancellation);
    }

    // The partitions of the requested dead letters of the key, in the order in which they are to be applied.
    private async Task<int[]> PendingRequestsAsync(PostgresStore<Guid, CounterRow> store) =>
        [
            .. (await store.PendingRequestsAsync(1, [PartitionAt(0), PartitionAt(1)], 10, 10, cancellation))
            .SelectMany(key => key.Records)
            .Select(record => record.Partition)
        ];

    // A pause follows the first part of the changes.
    private BulkFill<Guid, CounterRow> Fill(
        RowChange<Guid, CounterRow>[] added, RowChange<Guid, CounterRow>[] changes, CheckpointAdvance advance) =>
        new(added.Select(change => change.Row!).ToAsyncEnumerable(), WithRest(changes), [advance], [], false);

    private async IAsyncEnumerable<RowChange<Guid, CounterRow>> WithRest(RowChange<Guid, CounterRow>[] changes)
    {
        foreach (var (i, change) in changes.Index())
        {
            if (i == 5_000)
                await UntilSilentAsync("%", "idle in transaction");
            yield return change;
        }
    }

    private async Task<NpgsqlBinaryImporter> CopyAsync(NpgsqlConnection connection, int rows)
    {
        var copy = await connection.BeginBinaryImportAsync(
            $"{StalledTransactionTerminator.CopyInto("shop_read.counters_g1")}(counter_id, total, events) from stdin (format binary)",
            cancellation);
        for (var i = 0; i < rows; i++)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(SampleRecords.CounterOf(i), cancellation);
            await copy.WriteAsync(1L, cancellation);
            await copy.WriteAsync(1, cancellation);
        }

        return copy;
    }

    // Longer than the idle timeout of the roles.
    private Task UntilSilentAsync(string query, string state = "active") => Eventually.HoldsAsync(
        TimeSpan.FromSeconds(30),
        async () => await database.ScalarAsync<bool>(
            $"""
            select exists (select from pg_stat_activity
                where datname = current_database() and usename = 'shop_app' and state = '{state}' and wait_event = 'ClientRead' and query ilike '{query}' and state_change < now() - interval '2.5 seconds')
            """)
            ? null
            : "no session is idle",
        cancellation);

    private static long Total(Dictionary<Guid, CounterRow> rows, Guid counter) => rows.TryGetValue(counter, out var row) ? row.Total : 0;

    private static RowChange<Guid, CounterRow> Row(Guid counter, long total) => new(counter, new CounterRow(counter, total, 1, null));

    private static CheckpointAdvance Step(Checkpoint point, long to, Guid? last = null) =>
        new(point.Partition, point.Epoch, point.NextOffset, to, last ?? Guid.NewGuid(), to * 10, "here");

    private static LogPartition PartitionAt(int partition) => new("shop.events", partition);

    private static PostgresStore<Guid, CounterRow> Store(SampleDatabase process, ProjectionDefinition definition) =>
        new(process.Shop.Database.App, SampleDatabase.ReadSchema, definition, new("counters", "counter_id"), Json);

    private async Task<PostgresStore<Guid, CounterRow>> PreparedAsync(WriterMode writers = WriterMode.Concurrent)
    {
        var store = Store(database, SampleProjections.Concurrent() with { Writers = writers });
        await store.Registry.PrepareAsync(cancellation);
        return store;
    }

    private Task<IReadOnlyList<Checkpoint>> TakeAsync(PostgresStore<Guid, CounterRow> store, params int[] partitions) =>
        store.Registry.ClaimPartitionsAsync(1, [.. partitions.Select(PartitionAt)], cancellation);

    private async Task CommitAsync(
        PostgresStore<Guid, CounterRow> store, RowChange<Guid, CounterRow>[] changes, params CheckpointAdvance[] advances)
    {
        await using var batch = await store.BeginAsync(1, cancellation);
        await batch.CommitAsync(new(changes, advances, [], []), cancellation);
    }

    private Task<long> NextOffsetAsync(int partition) =>
        database.ScalarAsync<long>($"select next_offset from shop_read.checkpoints where partition = {partition}");

    private async Task<List<CounterRow>> RowsAsync(string relation = "counters_g1")
    {
        await using var command =
            database.Superuser.CreateCommand($"select counter_id, total, events, name from shop_read.{relation} order by counter_id");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<CounterRow>();
        while (await reader.ReadAsync(cancellation))
            rows.Add(
                new CounterRow(reader.GetGuid(0), reader.GetInt64(1), reader.GetInt32(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return rows;
    }
}
