using System.Diagnostics.CodeAnalysis;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The projections of this process, by name.</summary>
internal sealed class ProjectionControls(IEnumerable<IProjectionControl> controls)
{
    public IReadOnlyList<IProjectionControl> All { get; } = [.. controls.OrderBy(control => control.Name, StringComparer.Ordinal)];

    /// <summary>A name for an example.</summary>
    public string Example => All.Count > 0 ? All[0].Name : "module.rows";

    /// <summary>An error for an example.</summary>
    public Error UnknownExample => Unknown("module.nothing");

    public bool TryFind(string name, [NotNullWhen(true)] out IProjectionControl? control, [NotNullWhen(false)] out Error? error)
    {
        control = All.FirstOrDefault(known => known.Name == name);
        error = control is null ? Unknown(name) : null;
        return control is not null;
    }

    private Error Unknown(string name)
    {
        var known = All.Count == 0
            ? "This process has none."
            : $"Those of this process: {string.Join(", ", All.Select(projection => projection.Name))}.";
        return new Error(ErrorKind.NotFound, "projection-unknown", "No such projection", $"There is no projection {name}. {known}");
    }
}
