using System.Collections.Concurrent;
using System.Diagnostics;
using Monolith.Benchmarks.Running;
using Npgsql;

namespace Monolith.Benchmarks.Visible;

/// <summary>
/// Detects when rows become visible: one connection polls all awaited rows in a tight loop with one prepared query, and only while there
/// are any. A stall counts for every row that it delays. A row is seen at most one query late; the duration of the queries is reported
/// as the error.
/// </summary>
internal sealed class RowWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<(Guid Id, long AnsweredAt)> expected = [];
    private readonly Dictionary<Guid, long> awaited = [];
    private readonly List<double> delays = [];
    private readonly List<double> queries = [];
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand query;
    private readonly Task watching;

    private RowWatcher(NpgsqlConnection connection, string view, string key)
    {
        this.connection = connection;
        query = new NpgsqlCommand($"select {key} from {view} where {key} = any($1)", connection)
        {
            Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = [] } },
        };
        watching = Task.Factory.StartNew(Watch, TaskCreationOptions.LongRunning);
    }

    public static async Task<RowWatcher> StartAsync(Database database, string view, string key, CancellationToken cancellation) =>
        new(await database.OpenAsync(cancellation), view, key);

    public void Expect(Guid id, long answeredAt) => expected.Add((id, answeredAt));

    /// <summary>Waits for the last row.</summary>
    /// <returns>From each response until its row was seen, and the duration of each query; in seconds.</returns>
    public async Task<(IReadOnlyList<double> Delays, IReadOnlyList<double> Queries)> FinishAsync()
    {
        expected.CompleteAdding();
        await watching;
        return (delays, queries);
    }

    public async ValueTask DisposeAsync()
    {
        expected.CompleteAdding();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await query.DisposeAsync();
        await connection.DisposeAsync();
        expected.Dispose();
    }

    private void Watch()
    {
        query.Prepare();
        while (!expected.IsCompleted || awaited.Count > 0)
        {
            if (awaited.Count == 0 && expected.TryTake(out var first, Idle))
                awaited.Add(first.Id, first.AnsweredAt);
            while (expected.TryTake(out var more))
                awaited.Add(more.Id, more.AnsweredAt);
            if (awaited.Count > 0)
                Look();
        }
    }

    private void Look()
    {
        ((NpgsqlParameter<Guid[]>)query.Parameters[0]).TypedValue = [.. awaited.Keys];
        var asked = Stopwatch.GetTimestamp();
        using var rows = query.ExecuteReader();
        while (rows.Read())
        {
            awaited.Remove(rows.GetGuid(0), out var answeredAt);
            delays.Add(Stopwatch.GetElapsedTime(answeredAt).TotalSeconds);
        }

        queries.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
        if (awaited.Values.Any(answeredAt => Stopwatch.GetElapsedTime(answeredAt) > LostAfter))
            throw new InvalidOperationException($"A row was not visible {LostAfter.TotalSeconds:0} s after its command was answered.");
    }
}
