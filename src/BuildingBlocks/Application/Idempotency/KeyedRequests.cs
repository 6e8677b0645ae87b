using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>
/// Executes requests that are no commands of a module, such as those of operators, at most once a key. The key is stored after the request,
/// beside the keys of a module: a process that is killed in between, or that cannot reach the database, has executed the request and
/// forgotten the key.
/// </summary>
public sealed partial class KeyedRequests
{
    private const int MostAttempts = 5;

    private static readonly TimeSpan PauseBetweenAttempts = TimeSpan.FromMilliseconds(200);

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

    /// <summary>Executes a request, or finds the answer of an earlier one with the same key.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="payload">A hash of method, path and body.</param>
    /// <param name="execute">Executes the request; only a success is stored.</param>
    /// <param name="cancellation">Cancels the look-up; what was executed is stored.</param>
    /// <returns>The answer, and whether it is that of an earlier request.</returns>
    public async Task<Result<(StoredResponse Answer, bool IsReplay)>> ExecuteAsync(
        string key, byte[] payload, Func<Task<Result<StoredResponse>>> execute, CancellationToken cancellation)
    {
        var begun = inFlight.TryBegin(key);
        try
        {
            var found = await Task.WhenAll(modules.Select(module => module.FindAsync(key, cancellation)));
            if (found.FirstOrDefault(stored => stored is not null) is { } kept)
                return CryptographicOperations.FixedTimeEquals(kept.Payload, payload) ? (kept.Response, true) : RequestErrors.KeyReused;
            if (!begun)
                return RequestErrors.KeyInUse;
            if (!(await execute()).TryGet(out var answer, out var error))
                return error;

            await StoreAsync(key, payload, answer);
            return (answer, false);
        }
        finally
        {
            if (begun)
                inFlight.End(key);
        }
    }

    // The request is executed: its answer is the truth, whether or not its key can be stored.
    private async Task StoreAsync(string key, byte[] payload, StoredResponse answer)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await modules[0].StoreAsync(key, payload, answer, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (attempt < MostAttempts)
            {
                Retrying(exception.Message);
                await Task.Delay(PauseBetweenAttempts, clock);
            }
            catch (Exception exception)
            {
                NotStored(MostAttempts, exception.Message);
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The idempotency key of an executed request cannot be stored yet: {Reason}")]
    private partial void Retrying(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The idempotency key of an executed request was not stored in {Attempts} attempts. If it is sent again, it is executed again: {Reason}")]
    private partial void NotStored(int attempts, string reason);
}
