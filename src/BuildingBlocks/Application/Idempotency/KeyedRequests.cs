using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>
/// Executes requests that are not commands of a module, such as those of operators, at most once per key. The key is stored after the
/// request, with the keys of a module. If the process is killed in between, or cannot reach the database, the request is executed but its
/// key is lost.
/// </summary>
public sealed partial class KeyedRequests
{
    private const int MaxAttempts = 5;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    private readonly InFlightKeys inFlight;
    private readonly IReadOnlyList<IIdempotencyKeys> modules;
    private readonly TimeProvider clock;
    private readonly ILogger<KeyedRequests> logger;

    internal KeyedRequests(InFlightKeys inFlight, IEnumerable<IIdempotencyKeys> modules, TimeProvider clock, ILogger<KeyedRequests> logger)
    {
        this.inFlight = inFlight;
        this.modules = [.. modules];
        this.clock = clock;
        this.logger = logger;
    }

    /// <summary>Whether this process can store keys: one of its modules executes commands.</summary>
    public bool CanStore => modules.Count > 0;

    /// <summary>Executes a request, or finds the response of an earlier one with the same key.</summary>
    /// <param name="key">The client's key.</param>
    /// <param name="payload">A hash of method, path and body.</param>
    /// <param name="execute">Executes the request; only a success is stored.</param>
    /// <param name="cancellation">Cancels the lookup; the response of an executed request is stored in any case.</param>
    /// <returns>The response, and whether it is that of an earlier request.</returns>
    public async Task<Result<(StoredResponse Response, bool IsReplay)>> ExecuteAsync(
        string key, byte[] payload, Func<Task<Result<StoredResponse>>> execute, CancellationToken cancellation)
    {
        var begun = inFlight.TryBegin(key);
        try
        {
            var found = await Task.WhenAll(modules.Select(module => module.FindAsync(key, cancellation)));
            if (found.FirstOrDefault(stored => stored is not null) is { } record)
                return CryptographicOperations.FixedTimeEquals(record.Payload, payload) ? (record.Response, true) : RequestErrors.KeyReused;
            if (!begun)
                return RequestErrors.KeyInUse;
            if (!(await execute()).TryGet(out var response, out var error))
                return error;

            await StoreAsync(key, payload, response);
            return (response, false);
        }
        finally
        {
            if (begun)
                inFlight.End(key);
        }
    }

    // The client gets the response of the executed request even if its key cannot be stored.
    private async Task StoreAsync(string key, byte[] payload, StoredResponse response)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await modules[0].StoreAsync(key, payload, response, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (attempt < MaxAttempts)
            {
                LogRetry(exception.Message);
                await Task.Delay(RetryDelay, clock);
            }
            catch (Exception exception)
            {
                LogNotStored(MaxAttempts, exception.Message);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The idempotency key of an executed request cannot be stored yet: {Reason}")]
    private partial void LogRetry(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The idempotency key of an executed request was not stored in {Attempts} attempts. "
            + "If it is sent again, it is executed again: {Reason}")]
    private partial void LogNotStored(int attempts, string reason);
}
