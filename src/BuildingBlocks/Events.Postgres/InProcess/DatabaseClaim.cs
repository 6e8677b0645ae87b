using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>
/// Keeps a second process off a database that one process runs on the embedded transport: that process holds a lock alone, processes on Kafka share it. The lock ends with its connection, however the
/// process ends.
/// </summary>
internal sealed partial class DatabaseClaim(ModuleDatabase database, bool alone, IHostApplicationLifetime lifetime, ILogger<DatabaseClaim> logger) : IHostedLifecycleService, IDisposable
{
    private const int ClaimLock = 0x4D4E4C54;

    /// <summary>A predecessor that was killed, or a session of our own that broke, may take a moment to be missed by the server.</summary>
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private NpgsqlConnection? connection;
    private Task watching = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!await ClaimAsync(cancellationToken))
            throw new DatabaseClaimedException(database.Module, alone);
        watching = Task.Run(WatchAsync, CancellationToken.None);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection is not null)
            await connection.DisposeAsync();
    }

    public void Dispose()
    {
        connection?.Dispose();
        stopping.Dispose();
    }

    private async Task<bool> ClaimAsync(CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await TryClaimAsync(cancellation))
        {
            if (Stopwatch.GetElapsedTime(since) > WaitTimeout)
                return false;
            await Task.Delay(Retry, cancellation);
        }

        return true;
    }

    private async Task<bool> TryClaimAsync(CancellationToken cancellation)
    {
        // Not from the pool: the lock lives as long as the connection, and no longer.
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(database.AppRole)) { Pooling = false, KeepAlive = 0 };
        await using var source = database.CreateDataSource("claim", settings.ConnectionString);
        var candidate = source.CreateConnection();
        try
        {
            await candidate.OpenAsync(cancellation);
            await using var claim = new NpgsqlCommand($"select pg_try_advisory_lock{(alone ? "" : "_shared")}({ClaimLock}, hashtext('{database.Schema}'))", candidate);
            if ((bool)(await claim.ExecuteScalarAsync(cancellation))!)
            {
                connection = candidate;
                return true;
            }
        }
        catch
        {
            await candidate.DisposeAsync();
            throw;
        }

        await candidate.DisposeAsync();
        return false;
    }

    /// <summary>Claims again after the server was away; stops the process when another was faster.</summary>
    private async Task WatchAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (await StillHeldAsync())
                    continue;
                await connection!.DisposeAsync();
                if (await ClaimAsync(stopping.Token))
                    continue;
                ClaimedByAnother(database.Module);
                lifetime.StopApplication();
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
            {
                // The server is away; nobody else can claim either.
            }
        }
    }

    private async Task<bool> StillHeldAsync()
    {
        try
        {
            await using var ping = new NpgsqlCommand("select 1", connection);
            await ping.ExecuteScalarAsync(stopping.Token);
            return true;
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or ObjectDisposedException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Another process took over the database of {Module}; this one stops.")]
    private partial void ClaimedByAnother(string module);
}
