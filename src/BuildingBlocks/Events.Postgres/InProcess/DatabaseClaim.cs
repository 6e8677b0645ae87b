using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Postgres;
using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>
/// Prevents that a second process uses a database while the in-process transport is used: that transport requires an exclusive lock,
/// processes with Kafka share the lock. The lock ends with its connection, so that it does not outlive its process.
/// </summary>
internal sealed partial class DatabaseClaim(
    ModuleDatabase database, bool isExclusive, IHostApplicationLifetime lifetime, ILogger<DatabaseClaim> logger)
    : IHostedLifecycleService, IDisposable
{
    private const int ClaimLock = 0x4D4E4C54;

    /// <summary>The server may take a moment to end the session of a process that was killed, or a session that broke.</summary>
    private static readonly TimeSpan ClaimTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource stopping = new();
    private NpgsqlConnection? connection;
    private Task monitoring = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!await ClaimAsync(cancellationToken))
            throw new DatabaseClaimedException(database.Module, isExclusive);
        monitoring = Task.Run(MonitorAsync, CancellationToken.None);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await monitoring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            if (Stopwatch.GetElapsedTime(since) > ClaimTimeout)
                return false;
            await Task.Delay(RetryInterval, cancellation);
        }

        return true;
    }

    private async Task<bool> TryClaimAsync(CancellationToken cancellation)
    {
        // Not pooled: the lock must end with the connection.
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionStringOf(database.AppRole)) { Pooling = false, KeepAlive = 0 };
        await using var source = database.CreateDataSource("claim", settings.ConnectionString);
        var candidate = source.CreateConnection();
        try
        {
            await candidate.OpenAsync(cancellation);
            var suffix = isExclusive ? "" : "_shared";
            await using var claim = new NpgsqlCommand(
                $"select pg_try_advisory_lock{suffix}({ClaimLock}, hashtext('{database.Schema}'))", candidate);
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

    // Claims again after an interruption. Stops the process if another process has claimed the database meanwhile.
    private async Task MonitorAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(CheckInterval, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (await IsHeldAsync())
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
                // The server is unavailable, so that no other process can claim either.
            }
        }
    }

    private async Task<bool> IsHeldAsync()
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

    [LoggerMessage(Level = LogLevel.Critical, Message = "Another process has claimed the database of {Module}. This process stops.")]
    private partial void ClaimedByAnother(string module);
}

/// <summary>Another process uses the database in a way that excludes this process.</summary>
/// <param name="module">The module of the database.</param>
/// <param name="isExclusive">Whether this process requires exclusive use.</param>
public sealed class DatabaseClaimedException(string module, bool isExclusive) : Exception(isExclusive
    ? $"Another process already runs the database of {module}. The in-process transport serves one process only: "
        + "stop the other one, or run both with Transport=Kafka."
    : $"A process with the in-process transport runs the database of {module} exclusively: stop it, or run it with Transport=Kafka too.");
