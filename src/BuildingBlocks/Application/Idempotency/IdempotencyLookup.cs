using Monolith.BuildingBlocks.Events.Idempotency;

namespace Monolith.BuildingBlocks.Application.Idempotency;

/// <summary>
/// Looks up a key in one module and in the other modules of this process, since a key identifies one request of any module.
/// </summary>
/// <param name="own">The keys of the module.</param>
/// <param name="others">The keys of the other modules that execute commands; each reads its own schema with its own role.</param>
internal sealed class IdempotencyLookup(IIdempotencyKeys own, IReadOnlyList<IIdempotencyKeys> others)
{
    /// <summary>The record of a key in the module; null if no command of the module has succeeded with it.</summary>
    public Task<IdempotencyRecord?> FindAsync(string key, CancellationToken cancellation) => own.FindAsync(key, cancellation);

    /// <summary>The record of a key in the module, and whether another module uses the key. All modules are queried concurrently.</summary>
    public async Task<(IdempotencyRecord? Stored, bool IsUsedElsewhere)> FindEverywhereAsync(string key, CancellationToken cancellation)
    {
        if (others.Count == 0)
            return (await own.FindAsync(key, cancellation), false);

        var stored = own.FindAsync(key, cancellation);
        var elsewhere = Task.WhenAll(others.Select(module => module.ContainsAsync(key, cancellation)));
        await Task.WhenAll(stored, elsewhere);
        return (await stored, (await elsewhere).Contains(true));
    }
}
