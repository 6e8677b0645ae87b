using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>The state of a registry in its document. It is parsed when the version has changed, and changed by compare-and-swap.</summary>
internal sealed class DocumentState(string projection, IRegistryDocument document, TimeProvider clock)
{
    private volatile Cached? cached;

    /// <summary>Reads the state; it is empty if there is no document.</summary>
    /// <exception cref="StorageUnavailableException">The document cannot be read.</exception>
    public async Task<RegistryState> ReadAsync(CancellationToken cancellation) => (await LoadAsync(cancellation)).State;

    /// <summary>Changes the state, and repeats that if another writer changed it first. False if the step returns the same state.</summary>
    public async Task<bool> ChangeAsync(Func<RegistryState, RegistryState> step, CancellationToken cancellation)
    {
        while (true)
        {
            var before = await LoadAsync(cancellation);
            var next = step(before.State);
            if (ReferenceEquals(next, before.State))
                return false;
            if (await document.WriteAsync(RegistryJson.Write(next), before.Version, cancellation) is not { } version)
                continue;
            cached = new Cached(next, version);
            return true;
        }
    }

    /// <summary>Changes the state and records the operation together with the change. False if the step returns the same state.</summary>
    public Task<bool> ChangeAsync(Func<RegistryState, RegistryState> step, OperationRecord? recording, CancellationToken cancellation)
    {
        return ChangeAsync(ChangeAndRecord, cancellation);

        RegistryState ChangeAndRecord(RegistryState before)
        {
            var next = step(before);
            return recording is null || ReferenceEquals(next, before)
                ? next
                : next.Record(recording.Operation, recording.Action, clock.GetUtcNow());
        }
    }

    /// <summary>Changes a generation if a condition holds.</summary>
    public Task<bool> ChangeAsync(
        int generation, Func<Generation, bool> condition, Func<Generation, Generation> change, CancellationToken cancellation) =>
        ChangeAsync(
            state => state.Change(
                generation, entry => condition(entry.Generation), entry => entry with { Generation = change(entry.Generation) }),
            cancellation);

    /// <summary>
    /// Replaces a document that is lost or unreadable. The rows are deleted, because without the registry their state is not known. The
    /// delegate deletes the rows of all generations and returns the highest number of one.
    /// </summary>
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
        var empty = new RegistryState { NextNumber = highest + 1, Lost = reason };
        await document.WriteAsync(RegistryJson.Write(empty), found?.Version, cancellation);
    }

    private async Task<Cached> LoadAsync(CancellationToken cancellation)
    {
        var found = await document.ReadAsync(cancellation);
        if (found is null)
            return new Cached(new RegistryState(), null);
        if (cached is { } same && same.Version == found.Version)
            return same;
        try
        {
            var read = new Cached(RegistryJson.Read(found.Content.Span), found.Version);
            cached = read;
            return read;
        }
        catch (JsonException exception)
        {
            throw new StorageUnavailableException($"The registry of {projection} cannot be read: {exception.Message}", exception);
        }
    }

    private sealed record Cached(RegistryState State, string? Version);
}
