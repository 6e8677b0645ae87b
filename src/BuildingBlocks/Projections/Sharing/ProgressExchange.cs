using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Channels;

namespace Monolith.BuildingBlocks.Projections.Sharing;

/// <summary>
/// Lets whoever waits for an event be woken by the host that applies it, for projections whose store hosts share: over a channel, beside the batches and not in them.
/// </summary>
internal sealed partial class ProgressExchange(IHostChannel? channel, IEnumerable<ProgressLine> lines, ILogger<ProgressExchange> logger) : BackgroundService
{
    private readonly Dictionary<string, ProgressLine> lines = lines.ToDictionary(line => line.Projection);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => channel is null ? Task.CompletedTask : Task.WhenAll(
    [
        channel.SubscribeAsync(Hear, stoppingToken),
        .. lines.Values.Select(line => KeepUpAsync(line, stopping => line.AskAsync(channel, stopping), stoppingToken)),
        .. lines.Values.Select(line => KeepUpAsync(line, stopping => line.AnswerAsync(channel, stopping), stoppingToken)),
    ]);

    private Task KeepUpAsync(ProgressLine line, Func<CancellationToken, Task> work, CancellationToken stopping) =>
        RetryLoop.RunAsync(work, exception => Interrupted(line.Projection, exception.Message), stopping);

    private void Hear(string text)
    {
        if (ProgressMessage.Read(text) is { } message && lines.TryGetValue(message.Projection, out var line))
            line.Hear(message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Hosts do not hear from each other how far {Projection} is, and look into its store instead: {Reason}")]
    private partial void Interrupted(string projection, string reason);
}
