using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Monolith.System.Tests.Telemetry;

/// <summary>A collector that accepts OTLP over HTTP and keeps the bodies. The bodies are searched as text, not parsed.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received;

    private Collector(WebApplication app, ConcurrentQueue<(string Path, byte[] Body)> received)
    {
        this.app = app;
        this.received = received;
    }

    public string Url => app.Urls.Single();

    public static async Task<Collector> StartAsync()
    {
        var received = new ConcurrentQueue<(string, byte[])>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return new Collector(app, received);
    }

    /// <summary>All of a signal (<c>traces</c>, <c>metrics</c>, <c>logs</c>), as text.</summary>
    public string TextOf(string signal) =>
        string.Concat(received.Where(entry => entry.Path == $"/v1/{signal}").Select(entry => Encoding.UTF8.GetString(entry.Body)));

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
