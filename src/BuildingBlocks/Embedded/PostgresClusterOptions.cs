namespace Monolith.BuildingBlocks.Embedded;

/// <summary>Where a private PostgreSQL cluster keeps its data, and how it runs.</summary>
public sealed record PostgresClusterOptions
{
    /// <summary>The folder of this cluster: data, password, port and log. Made when it is missing.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The loopback port; null: the one used last in this folder where it is free, else any free one.</summary>
    public int? Port { get; init; }

    /// <summary>The database that is there when the start is over.</summary>
    public string Database { get; init; } = "monolith";

    /// <summary>False turns fsync off: faster, and what a crash of the machine loses does not matter. For tests.</summary>
    public bool Durable { get; init; } = true;
}
