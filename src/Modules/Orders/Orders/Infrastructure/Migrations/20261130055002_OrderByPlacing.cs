using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Monolith.Modules.Orders.Infrastructure.Migrations
{
    /// <inheritdoc />
    internal partial class OrderByPlacing : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_orders_placed_at_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "placed_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_customer_id_placed_at_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "customer_id", "placed_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_status_placed_at_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "status", "placed_at", "id" });

            migrationBuilder.DropIndex(
                name: "ix_orders_customer_id_id",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropIndex(
                name: "ix_orders_status_id",
                schema: "orders",
                table: "orders");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_orders_customer_id_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "customer_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_orders_status_id",
                schema: "orders",
                table: "orders",
                columns: new[] { "status", "id" });

            migrationBuilder.DropIndex(
                name: "ix_orders_placed_at_id",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropIndex(
                name: "ix_orders_customer_id_placed_at_id",
                schema: "orders",
                table: "orders");

            migrationBuilder.DropIndex(
                name: "ix_orders_status_placed_at_id",
                schema: "orders",
                table: "orders");
        }
    }
}
