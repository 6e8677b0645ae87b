using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Tests.Sample;
using Npgsql;

namespace Monolith.BuildingBlocks.Tests.Generations;

/// <summary>Counts counters and reads them meanwhile, as a client would: every answer is looked at.</summary>
internal sealed class CountingLoad : IAsyncDisposable
{
    private const int Readers = 2;
    private const int FewestReads = 100;

    /// <summary>No reader waits longer for a flip. PostgreSQL itself counts it, which a busy machine does not disturb: a read that would wait longer fails.</summary>
    private const string LongestWait = "set lock_timeout = '200ms'";

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly NpgsqlDataSource source;
    private readonly Task[] running;
    private readonly bool writes;
    private long reads;
    private long advances;

    public CountingLoad(SampleDatabase database, SampleWriter? writer, Guid[] counters)
    {
        source = database.Superuser;
        writes = writer is not null;
        running = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(counters))), .. writer is null ? Array.Empty<Task>() : [Task.Run(() => WriteAsync(writer, counters))]];
    }

    public long Reads => Volatile.Read(ref reads);

    /// <summary>Ends it: it has read, what it read followed what it wrote, and no answer was wrong.</summary>
    public async Task ShouldHaveBeenFlawlessAsync()
    {
        await EndAsync();
        faults.ShouldBeEmpty();
        Reads.ShouldBeGreaterThan(FewestReads);
        if (writes)
            Volatile.Read(ref advances).ShouldBeGreaterThan(0, "no reader ever saw what was written");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        ending.Dispose();
    }

    private async Task EndAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    private async Task WriteAsync(SampleWriter writer, Guid[] counters)
    {
        while (!ending.IsCancellationRequested)
            await writer.CountAsync(counters, 1);
    }

    // A counter that nobody removes is only ever counted up.
    private async Task ReadAsync(Guid[] counters)
    {
        var seen = new Dictionary<Guid, long>();
        await using var connection = await source.OpenConnectionAsync();
        await using (var limit = new NpgsqlCommand(LongestWait, connection))
            await limit.ExecuteNonQueryAsync();
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            var counter = counters[i % counters.Length];
            try
            {
                await using var command = new NpgsqlCommand("select events from shop_read.counters where counter_id = $1", connection) { Parameters = { new() { Value = counter } } };
                var events = await command.ExecuteScalarAsync() as int? ?? 0;
                if (events < seen.GetValueOrDefault(counter))
                    faults.Enqueue($"{counter} had {seen[counter]} events and now has {events}");
                else if (seen.TryGetValue(counter, out var before) && events > before)
                    Interlocked.Increment(ref advances);
                seen[counter] = events;
            }
            catch (Exception exception)
            {
                faults.Enqueue($"{exception.GetType().Name}: {exception.Message}");
            }

            Interlocked.Increment(ref reads);
        }
    }
}
