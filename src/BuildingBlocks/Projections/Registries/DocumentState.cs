using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>The state of a registry in its document: read when the document has another version than the one that is known, and changed by compare-and-swap.</summary>
/// <param name="projection">The projection's name.</param>
/// <param name="document">The document.</param>
/// <param name="clock">The time.</param>
internal sealed class DocumentState(string projection, IRegistryDocument document, TimeProvider clock)
{
    private volatile Known? known;

    /// <summary>The state as it is now; empty where there is no document yet.</summary>
    /// <exception cref="StorageUnavailableException">The document cannot be read.</exception>
    public async Task<RegistryState> ReadAsync(CancellationToken cancellation) => (await KnownAsync(cancellation)).State;

    /// <summary>Makes a step; tried again on what is there where somebody else was faster. False where it does not apply.</summary>
    public async Task<bool> ChangeAsync(Func<RegistryState, RegistryState> step, CancellationToken cancellation)
    {
        while (true)
        {
            var before = await KnownAsync(cancellation);
            var next = step(before.State);
            if (ReferenceEquals(next, before.State))
                return false;
            if (await document.WriteAsync(RegistryJson.Write(next), before.Version, cancellation) is not { } version)
                continue;
            known = new Known(next, version);
            return true;
        }
    }

    /// <summary>Makes a step and records who asked for it, both or neither. False where it does not apply: then nothing is recorded.</summary>
    public Task<bool> ChangeAsync(Func<RegistryState, RegistryState> step, Recording? recording, CancellationToken cancellation) => ChangeAsync(
        before => step(before) is var next && recording is not null && !ReferenceEquals(next, before) ? next.Record(recording.Operation, recording.Action, clock.GetUtcNow()) : next, cancellation);

    /// <summary>Changes a generation where a condition holds.</summary>
    public Task<bool> ChangeAsync(int generation, Func<Generation, bool> condition, Func<Generation, Generation> change, CancellationToken cancellation) =>
        ChangeAsync(state => state.Change(generation, entry => condition(entry.Generation), entry => entry with { Generation = change(entry.Generation) }), cancellation);

    /// <summary>A document that cannot be read takes the rows with it: nobody can tell any more what they are.</summary>
    /// <param name="clearAsync">Throws the rows of all generations away, and says the highest number that one had.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task MakeReadableAsync(Func<CancellationToken, Task<int>> clearAsync, CancellationToken cancellation)
    {
        var found = await document.ReadAsync(cancellation);
        var reason = "its registry is gone";
        if (found is not null)
        {
            try
            {
                if (RegistryJson.Read(found.Content.Span).Generations.Count > 0)
                    return;
                reason = "its registry is empty";
            }
            catch (JsonException exception)
            {
                reason = $"its registry cannot be read: {exception.Message}";
            }
        }

        var highest = await clearAsync(cancellation);
        if (highest == 0 && found is null)
            return;
        var anew = new RegistryState { NextNumber = highest + 1, Lost = reason };
        await document.WriteAsync(RegistryJson.Write(anew), found?.Version, cancellation);
    }

    private async Task<Known> KnownAsync(CancellationToken cancellation)
    {
        var found = await document.ReadAsync(cancellation);
        if (found is null)
            return new Known(new RegistryState(), null);
        if (known is { } same && same.Version == found.Version)
            return same;
        try
        {
            var read = new Known(RegistryJson.Read(found.Content.Span), found.Version);
            known = read;
            return read;
        }
        catch (JsonException exception)
        {
            throw new StorageUnavailableException($"The registry of {projection} cannot be read: {exception.Message}", exception);
        }
    }

    private sealed record Known(RegistryState State, string? Version);
}
