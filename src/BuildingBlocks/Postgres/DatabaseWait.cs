using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>
/// Waits at start until the databases of this process can be reached, before other hosted services use them: a server that starts together
/// with the host takes time. A server that refuses the login or the database ends the wait, because the services that use the database
/// report that.
/// </summary>
internal sealed partial class DatabaseWait(
    IEnumerable<RegisteredDatabase> databases, IConfiguration configuration, TimeProvider clock, ILogger<DatabaseWait> logger)
    : IHostedLifecycleService
{
    /// <summary>The timeout of an attempt if the connection string sets none; the default of Npgsql.</summary>
    private const int AttemptTimeoutSeconds = 15;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // One deadline for all databases, since the setting limits the start of the host.
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
        var (pause, loggedAt) = (FirstPause, (long?)null);
        while (await TryReachAsync(database, settings, deadline, cancellation) is { } failure)
        {
            if (deadline.Left <= TimeSpan.Zero)
                throw failure;
            if (loggedAt is null || clock.GetElapsedTime(loggedAt.Value) >= LogInterval)
            {
                loggedAt = clock.GetTimestamp();
                Waiting(settings.Host, database.Module, deadline.Ends, failure.Message.ReplaceLineEndings(" "));
            }

            await Task.Delay(Min(pause, deadline.Left), clock, cancellation);
            pause = Min(2 * pause, LongestPause);
        }

        if (loggedAt is not null)
            Reached(database.Module);
    }

    /// <returns>Null if the server responded, even with an error; otherwise the exception.</returns>
    private static async Task<NpgsqlException?> TryReachAsync(
        ModuleDatabase database, NpgsqlConnectionStringBuilder settings, Deadline deadline, CancellationToken cancellation)
    {
        // A server that does not respond must not delay the start beyond the deadline. A timeout of 0 would mean no timeout.
        var left = Math.Max(1, (int)Math.Ceiling(deadline.Left.TotalSeconds));
        var timeout = settings.Timeout == 0 ? AttemptTimeoutSeconds : settings.Timeout;
        var bounded = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Timeout = Math.Min(timeout, left) };
        try
        {
            await using var source = database.CreateDataSource("start", bounded.ConnectionString);
            await using var connection = await source.OpenConnectionAsync(cancellation);
            return null;
        }
        catch (NpgsqlException exception)
        {
            return IsUnreachable(exception) ? exception : null;
        }
    }

    private static bool IsUnreachable(Exception exception) => exception switch
    {
        PostgresException answer => answer.SqlState is PostgresErrorCodes.CannotConnectNow,
        NpgsqlException { InnerException: { } inner } => IsUnreachable(inner),
        AggregateException several => several.InnerExceptions.All(IsUnreachable),
        _ => exception is SocketException or IOException or TimeoutException,
    };

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Waiting for PostgreSQL at {Host}, where the database of {Module} is, until {Until:HH:mm:ss}Z: {Reason}")]
    private partial void Waiting(string? host, string module, DateTimeOffset until, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL responds for the database of {Module}. The start continues.")]
    private partial void Reached(string module);

    /// <summary>The end of the wait. It does not depend on changes of the system time.</summary>
    private sealed class Deadline(TimeProvider clock, TimeSpan after)
    {
        private readonly long startedAt = clock.GetTimestamp();

        public TimeSpan Left => after - clock.GetElapsedTime(startedAt);

        public DateTimeOffset Ends => clock.GetUtcNow() + Left;
    }
}
