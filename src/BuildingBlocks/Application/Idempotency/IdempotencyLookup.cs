using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>
/// Looks a key up in one module, and in the other modules of this process: a key stands for one request, whichever module executes it.
/// </summary>
/// <param name="own">The keys of the module.</param>
/// <param name="others">The keys of the other modules that execute commands; each reads its own schema as its own role.</param>
internal sealed class IdempotencyLookup(IIdempotencyKeys own, IReadOnlyList<IIdempotencyKeys> others)
{
    /// <summary>What the module stored under a key; null if no command of the module has succeeded under it.</summary>
    public Task<IdempotencyRecord?> FindAsync(string key, CancellationToken cancellation) => own.FindAsync(key, cancellation);

    /// <summary>What the module stored under a key, and whether another module uses the key. All modules are asked concurrently.</summary>
    public async Task<(IdempotencyRecord? Kept, bool IsUsedElsewhere)> FindEverywhereAsync(string key, CancellationToken cancellation)
    {
        if (others.Count == 0)
            return (await own.FindAsync(key, cancellation), false);

        var kept = own.FindAsync(key, cancellation);
        var elsewhere = Task.WhenAll(others.Select(module => module.ContainsAsync(key, cancellation)));
        await Task.WhenAll(kept, elsewhere);
        return (await kept, (await elsewhere).Contains(true));
    }
}
