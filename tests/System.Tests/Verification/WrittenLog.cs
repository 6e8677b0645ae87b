using Npgsql;

namespace Monolith.System.Tests.Verification;

/// <summary>All events of a module's log, by plain SQL, and what must hold of every log.</summary>
internal sealed class WrittenLog
{
    private WrittenLog(string module, IReadOnlyList<LoggedEvent> events, IReadOnlyList<long> counters)
    {
        Module = module;
        Events = events;
        Counters = counters;
    }

    public string Module { get; }

    public string Topic => $"{Module}.events";

    /// <summary>By partition and offset.</summary>
    public IReadOnlyList<LoggedEvent> Events { get; }

    /// <summary>The next offset of each partition.</summary>
    public IReadOnlyList<long> Counters { get; }

    public static async Task<WrittenLog> ReadAsync(NpgsqlDataSource database, string module)
    {
        var events = new List<LoggedEvent>();
        await using var select = database.CreateCommand(
            $"""
            select partition, "offset", event_id, stream_id, stream_version, type, data::text, occurred_at, actor, correlation_id, causation_id, traceparent
            from {module}.events order by partition, "offset"
            """);
        await using (var row = await select.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                events.Add(new LoggedEvent(
                    row.GetInt32(0), row.GetInt64(1), row.GetGuid(2), row.GetGuid(3), row.GetInt64(4), row.GetString(5), row.GetString(6),
                    row.GetFieldValue<DateTimeOffset>(7),
                    row.IsDBNull(8) ? null : row.GetString(8),
                    row.GetGuid(9),
                    row.IsDBNull(10) ? null : row.GetGuid(10), row.IsDBNull(11) ? null : row.GetString(11)));
            }
        }

        return new WrittenLog(module, events, await CountersAsync(database, module));
    }

    public static async Task<IReadOnlyList<long>> CountersAsync(NpgsqlDataSource database, string module)
    {
        var counters = new List<long>();
        await using var select = database.CreateCommand($"select next_offset from {module}.partitions order by partition");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
            counters.Add(row.GetInt64(0));
        return counters;
    }

    /// <summary>
    /// Offsets are 0 … n-1 in each partition, versions 1 … n in each stream, in the order of the offsets; no stream is in two partitions,
    /// and the times of a stream never go back.
    /// </summary>
    public void ShouldBeDense()
    {
        var offsets = new long[Counters.Count];
        var streams = new Dictionary<Guid, LoggedEvent>();
        foreach (var logged in Events)
        {
            logged.Offset.ShouldBe(offsets[logged.Partition]++, $"{Topic}[{logged.Partition}] has a gap");
            var before = streams.GetValueOrDefault(logged.Stream);
            logged.Version.ShouldBe((before?.Version ?? 0) + 1, $"stream {logged.Stream} of {Topic}, event {logged.Id}");
            (before?.Partition ?? logged.Partition).ShouldBe(logged.Partition, $"stream {logged.Stream} of {Topic} is in two partitions");
            (before?.At ?? logged.At).ShouldBeLessThanOrEqualTo(logged.At, $"time goes back in stream {logged.Stream} of {Topic}");
            streams[logged.Stream] = logged;
        }

        offsets.ShouldBe(Counters, $"the counters of {Topic}");
        Events.Select(logged => logged.Id).Distinct().Count().ShouldBe(Events.Count, $"event ids of {Topic}");
    }
}
