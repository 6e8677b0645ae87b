using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Notes for operators about a projection that answers queries, but has a problem.</summary>
internal static class ProjectionNotes
{
    public static IEnumerable<string> Of(int version, Registry registry)
    {
        if (registry.Paused)
            yield return "It is paused: the rows grow older until it is resumed.";
        if (registry.Live is { } live)
        {
            if (registry.DeadLetters.GetValueOrDefault(live.Number) is > 0 and var deadLetters)
                yield return $"{deadLetters} events are dead letters: dead-letters list shows the reasons.";
            if (live.Version < version)
            {
                yield return $"The live generation {live.Number} is of version {live.Version}, this host has version {version}: "
                    + $"hosts of the old version keep it current, and it is frozen where there are none. {Next(registry, version)}";
            }

            if (live.Version > version)
            {
                yield return $"The live generation {live.Number} is of version {live.Version}, this host has version {version} "
                    + "and leaves it alone: it is frozen unless a newer host runs. Roll back to a generation of this version, or rebuild.";
            }
        }

        if (registry.UnderWay is { State: GenerationState.Ready } ready)
            yield return $"Generation {ready.Number} waits: {ready.Reason}.";
    }

    private static string Next(Registry registry, int version)
    {
        if (registry.UnderWay is { } next && next.Version == version)
            return $"Generation {next.Number} is being built.";
        var failed = registry.Generations.LastOrDefault(generation =>
            generation.Version == version && generation.State is GenerationState.Failed or GenerationState.Cancelled);
        return failed is null
            ? "Rebuild it by hand."
            : $"Generation {failed.Number} is {failed.State.ToString().ToLowerInvariant()}: {failed.Reason}. "
                + "Rebuild it by hand, or start the host again.";
    }
}
