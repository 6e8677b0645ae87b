using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>
/// Wakes waiting requests when another host applies their event, for projections whose store several hosts share. Hosts exchange their
/// progress over a channel, outside the transactions of batches.
/// </summary>
internal sealed partial class ProgressExchange(
    IHostChannel? channel, IEnumerable<ProjectionProgress> projections, ILogger<ProgressExchange> logger) : BackgroundService
{
    private readonly Dictionary<string, ProjectionProgress> projections = projections.ToDictionary(projection => projection.Name);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => channel is null ? Task.CompletedTask : Task.WhenAll(
    [
        channel.SubscribeAsync(Receive, stoppingToken),
        .. projections.Values.Select(projection => RetryAsync(
            projection, stopping => projection.SendRequestsAsync(channel, stopping), stoppingToken)),
        .. projections.Values.Select(projection => RetryAsync(
            projection, stopping => projection.SendReportsAsync(channel, stopping), stoppingToken)),
    ]);

    private Task RetryAsync(ProjectionProgress projection, Func<CancellationToken, Task> work, CancellationToken stopping) =>
        RetryLoop.RunAsync(work, exception => LogInterruption(projection.Name, exception.Message), stopping);

    private void Receive(string text)
    {
        if (ProgressMessage.Read(text) is { } message && projections.TryGetValue(message.Projection, out var projection))
            projection.Receive(message);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Hosts cannot exchange the progress of {Projection}, and read it from its store instead: {Reason}")]
    private partial void LogInterruption(string projection, string reason);
}
