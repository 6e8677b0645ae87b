using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>The logs of all modules that this process runs. Each is asked for itself, as its own reader; what they answer is merged here.</summary>
internal sealed class ModuleLogs
{
    public ModuleLogs(IServiceProvider services)
    {
        var relays = services.GetServices<RelayStatus>().ToDictionary(relay => relay.Log);
        All = [.. services.GetServices<PostgresLog>().Select(log => new ModuleLog(
            log, new LogSearch(log), [.. services.GetKeyedServices<StreamHistory>(log.Database.Module)], relays.GetValueOrDefault(log.Name)))];
    }

    public IReadOnlyList<ModuleLog> All { get; }

    /// <summary>The first events of all logs, or of one module's, in the order of time.</summary>
    public async Task<Result<IReadOnlyList<FoundEvent>>> ListAsync(LogFilter filter, int most, CancellationToken cancellation, string? module = null)
    {
        var asked = All.Where(log => module is null || log.Module == module).ToArray();
        try
        {
            var found = await Task.WhenAll(asked.Select(async log => (await log.Search.ListAsync(filter, most, cancellation)).Select(record => new FoundEvent(log, record))));
            return found.SelectMany(events => events).OrderBy(e => EventCursor.Of(e.Record)).Take(most).ToArray();
        }
        catch (TimeoutException exception)
        {
            return TooLong(exception.Message);
        }
    }

    public static Error TooLong(string why) =>
        new(ErrorKind.Unprocessable, "search-too-long", "The search takes too long", $"{why} Name a shorter time by from and to, or a stream or a correlation.");

    /// <summary>One event, in whichever log it is.</summary>
    public async Task<FoundEvent?> FindAsync(Guid eventId, CancellationToken cancellation)
    {
        var found = await Task.WhenAll(All.Select(async log => await log.Search.FindAsync(eventId, cancellation) is { } record ? new FoundEvent(log, record) : null));
        return found.FirstOrDefault(e => e is not null);
    }

    /// <summary>The log that has a stream, with all of its events.</summary>
    public async Task<(ModuleLog Log, IReadOnlyList<LogRecord> Stream)?> StreamAsync(Guid streamId, CancellationToken cancellation)
    {
        var streams = await Task.WhenAll(All.Select(async log => (Log: log, Stream: await log.Search.StreamAsync(streamId, cancellation))));
        return streams.FirstOrDefault(entry => entry.Stream.Count > 0) is { Stream: not null } found ? found : null;
    }
}
