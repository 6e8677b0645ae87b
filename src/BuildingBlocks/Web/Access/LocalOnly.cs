namespace Monolith.BuildingBlocks.Web.Access;

/// <summary>Marks a route that only this machine may call, under whichever path it is mapped.</summary>
internal sealed class LocalOnly
{
    private LocalOnly()
    {
    }

    public static LocalOnly Mark { get; } = new();
}
