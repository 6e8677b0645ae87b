namespace Monolith.BuildingBlocks.Admin.Access;

/// <summary>Marks a route that answers this machine alone, under whichever path a caller finds it.</summary>
internal sealed class LocalOnly
{
    private LocalOnly()
    {
    }

    public static LocalOnly Mark { get; } = new();
}
