namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>The generations of one projection as readers find them; one a projection, by its name as key.</summary>
internal interface IDuckDbGenerations
{
    /// <summary>The live one, which is not removed before the reader leaves it.</summary>
    /// <exception cref="Events.ReadModelBuildingException">There is none.</exception>
    DuckDbFile EnterLive();

    /// <summary>One by its number; null where it is gone.</summary>
    DuckDbFile? Enter(int generation);
}
