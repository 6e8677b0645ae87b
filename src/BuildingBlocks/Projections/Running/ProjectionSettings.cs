using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Modules.Settings;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Settings of all projections of a process.</summary>
/// <param name="keepRetiredFor">How long a retired generation is kept for a rollback.</param>
internal sealed class ProjectionSettings(TimeSpan keepRetiredFor)
{
    /// <summary>The setting of <see cref="KeepRetiredFor"/>.</summary>
    public static readonly Setting<TimeSpan> KeepRetired = Setting.Span(
        "Projections:KeepRetiredFor",
        TimeSpan.FromDays(7),
        "How long a retired generation is kept for a rollback. `0.00:00:00` drops it as soon as it is seen.");

    /// <exception cref="InvalidSettingException">A setting is invalid.</exception>
    public ProjectionSettings(IConfiguration configuration)
        : this(KeepRetired.Of(configuration))
    {
    }

    /// <summary>How long a retired generation is kept for a rollback.</summary>
    public TimeSpan KeepRetiredFor { get; } = keepRetiredFor;
}
