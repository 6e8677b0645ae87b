using System.Globalization;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>Settings of all projections of a process.</summary>
internal sealed class ProjectionSettings
{
    private const string KeepKey = "Projections:KeepRetiredFor";

    /// <param name="configuration">The host's configuration.</param>
    /// <exception cref="InvalidSettingException">A setting means nothing.</exception>
    public ProjectionSettings(IConfiguration configuration)
    {
        var text = configuration[KeepKey];
        KeepRetiredFor = string.IsNullOrEmpty(text) ? TimeSpan.FromDays(7)
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span >= TimeSpan.Zero ? span
            : throw new InvalidSettingException($"The setting Projections__KeepRetiredFor is '{text}'; it must be a span of time like 7.00:00:00 (days.hours:minutes:seconds).");
    }

    /// <summary>How long a retired generation is kept for a rollback.</summary>
    public TimeSpan KeepRetiredFor { get; }
}
