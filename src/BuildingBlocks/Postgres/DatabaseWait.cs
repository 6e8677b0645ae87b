using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>
/// Waits at start until the databases of this process can be reached, before anything else of the host asks them: a server that starts beside the host, or comes back, needs its time. What a server says
/// of a login or a database is no reason to wait: those who log in after this say it better.
/// </summary>
internal sealed partial class DatabaseWait(IEnumerable<RegisteredDatabase> databases, IConfiguration configuration, TimeProvider clock, ILogger<DatabaseWait> logger) : IHostedLifecycleService
{
    /// <summary>How long an attempt may take where the connection string sets no bound; as long as the library takes by itself.</summary>
    private const int AttemptSeconds = 15;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // One bound for all of them: what the operator waits for is the host.
        var deadline = new Deadline(clock, PostgresSettings.WaitAtStart.Of(configuration));
        foreach (var registered in databases)
            await WaitAsync(registered.Database, deadline, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WaitAsync(ModuleDatabase database, Deadline deadline, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(database.AppRole)) { Pooling = false };
        var (pause, told) = (FirstPause, (long?)null);
        while (await TryReachAsync(database, settings, deadline, cancellation) is { } away)
        {
            if (deadline.Left <= TimeSpan.Zero)
                throw away;
            if (told is null || clock.GetElapsedTime(told.Value) >= TellEvery)
            {
                told = clock.GetTimestamp();
                Waiting(settings.Host, database.Module, deadline.Ends, away.Message.ReplaceLineEndings(" "));
            }

            await Task.Delay(Shorter(pause, deadline.Left), clock, cancellation);
            pause = Shorter(2 * pause, LongestPause);
        }

        if (told is not null)
            Reached(database.Module);
    }

    /// <summary>Null where the server was reached, whatever it answered; else why not.</summary>
    private static async Task<NpgsqlException?> TryReachAsync(ModuleDatabase database, NpgsqlConnectionStringBuilder settings, Deadline deadline, CancellationToken cancellation)
    {
        // A server that swallows what is sent to it must not be waited for past the deadline. Zero would mean for ever.
        var left = Math.Max(1, (int)Math.Ceiling(deadline.Left.TotalSeconds));
        var bounded = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Timeout = Math.Min(settings.Timeout == 0 ? AttemptSeconds : settings.Timeout, left) };
        try
        {
            await using var source = database.CreateDataSource("start", bounded.ConnectionString);
            await using var connection = await source.OpenConnectionAsync(cancellation);
            return null;
        }
        catch (NpgsqlException exception)
        {
            return IsAway(exception) ? exception : null;
        }
    }

    private static bool IsAway(Exception exception) => exception switch
    {
        PostgresException answer => answer.SqlState is PostgresErrorCodes.CannotConnectNow,
        NpgsqlException { InnerException: { } inner } => IsAway(inner),
        AggregateException several => several.InnerExceptions.All(IsAway),
        _ => exception is SocketException or IOException or TimeoutException,
    };

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for PostgreSQL at {Host}, where the database of {Module} is, until {Until:HH:mm:ss}Z: {Reason}")]
    private partial void Waiting(string? host, string module, DateTimeOffset until, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL answers for the database of {Module}; the start goes on.")]
    private partial void Reached(string module);

    /// <summary>The end of the wait, which no change of the clock moves.</summary>
    private sealed class Deadline(TimeProvider clock, TimeSpan after)
    {
        private readonly long began = clock.GetTimestamp();

        public TimeSpan Left => after - clock.GetElapsedTime(began);

        public DateTimeOffset Ends => clock.GetUtcNow() + Left;
    }
}
