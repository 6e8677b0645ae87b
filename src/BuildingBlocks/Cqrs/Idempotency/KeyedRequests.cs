using System.Security.Cryptography;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>
/// Executes requests that are no commands of a module, such as those of operators, at most once a key. The key is stored after the request,
/// beside the keys of a module: a process that is killed in between has executed the request and forgotten the key.
/// </summary>
public sealed class KeyedRequests
{
    private readonly InFlightKeys inFlight;
    private readonly IReadOnlyList<IIdempotencyKeys> modules;

    internal KeyedRequests(InFlightKeys inFlight, IEnumerable<IIdempotencyKeys> modules)
    {
        this.inFlight = inFlight;
        this.modules = [.. modules];
    }

    /// <summary>Whether this process can store keys: one of its modules executes commands.</summary>
    public bool CanStore => modules.Count > 0;

    /// <summary>Executes a request, or finds the answer of an earlier one with the same key.</summary>
    /// <param name="key">The caller's key.</param>
    /// <param name="payload">A hash of method, path and body.</param>
    /// <param name="execute">Executes the request; only a success is stored.</param>
    /// <param name="cancellation">Cancels the look-up; what was executed is stored.</param>
    /// <returns>The answer, and whether it is that of an earlier request.</returns>
    public async Task<Result<(KeptAnswer Answer, bool IsReplay)>> ExecuteAsync(
        string key, byte[] payload, Func<Task<Result<KeptAnswer>>> execute, CancellationToken cancellation)
    {
        var begun = inFlight.TryBegin(key);
        try
        {
            var found = await Task.WhenAll(modules.Select(module => module.FindAsync(key, cancellation)));
            if (found.FirstOrDefault(stored => stored is not null) is { } kept)
                return CryptographicOperations.FixedTimeEquals(kept.Payload, payload) ? (kept.Answer, true) : RequestErrors.KeyReused;
            if (!begun)
                return RequestErrors.KeyInUse;
            if (!(await execute()).TryGet(out var answer, out var error))
                return error;

            await modules[0].KeepAsync(key, payload, answer, CancellationToken.None);
            return (answer, false);
        }
        finally
        {
            if (begun)
                inFlight.End(key);
        }
    }
}
