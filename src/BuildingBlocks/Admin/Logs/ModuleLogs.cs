using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>The logs of all modules of this process. Each is read as its own database role; the results are merged here.</summary>
internal sealed class ModuleLogs
{
    public ModuleLogs(IServiceProvider services)
    {
        var relays = services.GetServices<RelayStatus>().ToDictionary(relay => relay.Log);
        All =
        [
            .. services.GetServices<PostgresLog>().Select(log => new ModuleLog(
                log,
                new LogSearch(log),
                [.. services.GetKeyedServices<StreamHistory>(log.Database.Module)],
                relays.GetValueOrDefault(log.Name))),
        ];
    }

    public IReadOnlyList<ModuleLog> All { get; }

    /// <summary>The first events of all logs, or of one module's, in the order of time.</summary>
    public async Task<Result<IReadOnlyList<FoundEvent>>> ListAsync(
        LogFilter filter, int max, CancellationToken cancellation, string? module = null)
    {
        var logs = All.Where(log => module is null || log.Module == module).ToArray();
        try
        {
            var found = await Task.WhenAll(logs.Select(async log =>
                (await log.Search.ListAsync(filter, max, cancellation)).Select(record => new FoundEvent(log, record))));
            return found.SelectMany(events => events).OrderBy(e => EventCursor.Of(e.Record)).Take(max).ToArray();
        }
        catch (TimeoutException exception)
        {
            return TooLong(exception.Message);
        }
    }

    public static Error TooLong(string reason) => new(
        ErrorKind.Unprocessable,
        "search-too-long",
        "The search takes too long",
        $"{reason} Limit the time with from and to, or name a stream or a correlation.");

    /// <summary>Finds an event in any log.</summary>
    public async Task<FoundEvent?> FindAsync(Guid eventId, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(All.Select(async log =>
            await log.Search.FindAsync(eventId, cancellation) is { } record ? new FoundEvent(log, record) : null));
        return found.FirstOrDefault(e => e is not null);
    }

    /// <summary>Finds the log that contains a stream, and all events of the stream.</summary>
    public async Task<(ModuleLog Log, IReadOnlyList<LogRecord> Stream)?> StreamAsync(Guid streamId, CancellationToken cancellation)
    {
        var streams = await Task.WhenAll(All.Select(async log => (Log: log, Stream: await log.Search.StreamAsync(streamId, cancellation))));
        return streams.FirstOrDefault(entry => entry.Stream.Count > 0) is { Stream: not null } found ? found : null;
    }
}

/// <summary>The log of one module of this process.</summary>
/// <param name="Log">The log.</param>
/// <param name="Search">Searches the log.</param>
/// <param name="Histories">Fold its streams into entities.</param>
/// <param name="Relay">The state of its relay in this process; null without a topic.</param>
internal sealed record ModuleLog(PostgresLog Log, LogSearch Search, IReadOnlyList<StreamHistory> Histories, RelayStatus? Relay)
{
    /// <summary>The name of the module in the admin API.</summary>
    public string Module => Log.Database.Schema;
}

/// <summary>An event and the log that contains it.</summary>
internal sealed record FoundEvent(ModuleLog Log, LogRecord Record);
