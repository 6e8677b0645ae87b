using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Monolith.Analytics.Tests.Logs;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Analytics;
using Monolith.Modules.Analytics.Infrastructure.Exports;
using Monolith.Testing;

namespace Monolith.Analytics.Tests.Module;

/// <summary>A host with only this module, without a database or broker. Its files are in a folder of the test.</summary>
internal sealed class AnalyticsHost : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly ModuleHost host;

    private AnalyticsHost(ModuleHost host, MemoryLogs logs)
    {
        this.host = host;
        Logs = logs;
    }

    public MemoryLogs Logs { get; }

    public HttpClient Http => host.Client;

    public IServiceProvider Services => host.Services;

    public RecordedLog Log => host.Log;

    public static async Task<AnalyticsHost> StartAsync(MemoryLogs logs, string folder, TimeSpan? idleTimeout = null) => new(
        await ModuleHost.StartAsync("", [], builder =>
        {
            builder.Configuration["Stores:Folder"] = folder;
            builder.Services.AddSingleton<IEventTransport>(logs);
            builder.AddModules(new AnalyticsModule());
            if (idleTimeout is { } within)
            {
                builder.Services.AddSingleton(
                    services => new EventExport(logs, services.GetRequiredService<IParquetRows>()) { IdleTimeout = within });
            }
        }),
        logs);

    /// <summary>Waits until both projections have applied what the logs hold now.</summary>
    public async Task UntilCurrentAsync()
    {
        using var timeout = new CancellationTokenSource(Timeout);
        foreach (var projection in Services.GetServices<ProjectionStatus>())
        {
            await Eventually.HoldsAsync(
                Timeout, () => Task.FromResult(projection.Generation > 0 ? null : $"{projection.Name} is not live: {projection.Problem}"));
            foreach (var log in projection.Logs)
            {
                foreach (var (partition, head) in await Logs.HeadsAsync(log, timeout.Token))
                    await projection.WaitForAsync(partition, head, timeout.Token);
            }
        }
    }

    /// <summary>The rows of a report.</summary>
    public async Task<List<JsonElement>> RowsAsync(string route)
    {
        using var answer = await Http.GetAsync($"/api/v1/analytics/{route}");
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{route}: {text}");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("rows").EnumerateArray()];
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
