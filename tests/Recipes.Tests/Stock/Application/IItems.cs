using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Stock.Domain;

namespace Monolith.Modules.Stock.Application;

/// <summary>The port that loads and adds items.</summary>
internal interface IItems
{
    /// <summary>Loads an item. The result is an error if the item does not exist or is not at the expected version.</summary>
    Task<Result<Item>> Load(Guid id, long? expectedVersion, CancellationToken cancellationToken);

    void Add(Item item);
}
