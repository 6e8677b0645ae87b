using Npgsql;

namespace Monolith.Benchmarks.Baselines;

/// <summary>The shared setup of all HTTP baselines: Kestrel and database connections configured as in the host.</summary>
internal static class BareServer
{
    private const int BodyBytes = 1 << 20;
    private const int StatementsToPrepare = 100;
    private const int Connections = 40;

    public static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytes;
        });
        return builder;
    }

    public static NpgsqlDataSource DataSource(string connectionString) =>
        NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                MaxAutoPrepare = StatementsToPrepare,
                MaxPoolSize = Connections,
                NoResetOnClose = true,
            });

    /// <summary>Serves requests until shutdown.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"ready: {app.Urls.First()}");
        await app.WaitForShutdownAsync();
    }
}
