using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Postgres;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// Lets whoever waits for an event be woken by the process that applies it, for the projections of one module: over a channel of NOTIFY, beside the pages and not in them.
/// </summary>
internal sealed class ProgressExchange(ModuleDatabase database, string schema, IEnumerable<ProgressLine> lines, ILogger<ProgressExchange> logger) : BackgroundService
{
    private readonly NotificationChannel channel = new(database, $"{schema}_progress", logger);
    private readonly Dictionary<string, ProgressLine> lines = lines.ToDictionary(line => line.Projection);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
    [
        channel.HearAsync(Hear, stoppingToken),
        .. lines.Values.Select(line => channel.KeepUpAsync(stopping => line.AskAsync(channel, stopping), stoppingToken)),
        .. lines.Values.Select(line => channel.KeepUpAsync(stopping => line.AnswerAsync(channel, stopping), stoppingToken)),
    ]);

    private void Hear(string text)
    {
        if (ProgressMessage.Read(text) is { } message && lines.TryGetValue(message.Projection, out var line))
            line.Hear(message);
    }
}
